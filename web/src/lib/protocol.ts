// SPDX-License-Identifier: MIT
//
// protocol - what is on the wire. Made from the tables by script/reference; do not edit.

/** What an account may do everywhere. */
export const ROLE_WORDS = ['user', 'moderator', 'admin'] as const;
export type Role = (typeof ROLE_WORDS)[number];

/** How a user is shown to the others; offline is invisible. */
export const STATUS_WORDS = ['offline', 'online', 'away', 'busy'] as const;
export type Status = (typeof STATUS_WORDS)[number];

/** Who may see and join a group. */
export const GROUP_KIND_WORDS = ['channel', 'private', 'direct'] as const;
export type GroupKind = (typeof GROUP_KIND_WORDS)[number];

/** Why a notification was made. */
export const NOTIFICATION_TYPE_WORDS = ['mention', 'direct_message', 'group_added', 'comment', 'rating', 'security'] as const;
export type NotificationType = (typeof NOTIFICATION_TYPE_WORDS)[number];

/** The order of LIST_TRACKS. */
export const TRACK_SORT_WORDS = ['new', 'title', 'rating', 'downloads'] as const;
export type TrackSort = (typeof TRACK_SORT_WORDS)[number];

/** What a change of /music was made to. */
export const CHANGE_KIND_WORDS = ['user', 'track', 'comment', 'rating'] as const;
export type ChangeKind = (typeof CHANGE_KIND_WORDS)[number];

/** What an upload is for. */
export const UPLOAD_PURPOSE_WORDS = ['track', 'file', 'avatar'] as const;
export type UploadPurpose = (typeof UPLOAD_PURPOSE_WORDS)[number];

/** What a request may be refused with. */
export type ErrorCode =
  /** A field is missing, malformed or out of its bounds; the message names it. */
  | 'bad_request'
  /** The namespace has no event of this name. */
  | 'unknown_event'
  /** There is no valid session behind the request, or it came before USER_CONNECT. */
  | 'unauthorized'
  /** The session is valid, but this user may not do that. */
  | 'forbidden'
  /** What the request names does not exist. */
  | 'not_found'
  /** The request contradicts what is stored, as a name that is taken does. */
  | 'conflict'
  /** The request, its answer or what it would store exceeds a limit. */
  | 'too_large'
  /** Too many requests in a short time; wait and try again. */
  | 'rate_limited'
  /** The server made a mistake; its log has the details. */
  | 'internal'
  /** The server cannot do this now (a full disk, a full queue, a shutdown); try again later. */
  | 'unavailable';

export interface Refusal {
  errorCode: ErrorCode;
  /** One sentence that says what to mend. */
  errorMessage: string;
  timestamp: string;
}

/** An acknowledgement. */
export type Answer<T> = ({ ok: true } & T) | { ok: false; error: Refusal };

/** Nothing but, in an acknowledgement, `ok`. */
export type Empty = object;

/** The `auth` object of a CONNECT packet. */
export interface ConnectAuth {
  /** The session's token, from the HTTP API. 1–128 characters. */
  token: string;
}

/** Why a connection to a namespace was refused: `data` of CONNECT_ERROR. */
export interface ConnectionError {
  /** One of the closed set. 1–32 characters. */
  errorCode: string;
  /** One sentence that says what to mend. 1–500 characters. */
  errorMessage: string;
  /** When. ISO 8601. */
  timestamp: string;
}

/** A request that asked for no acknowledgement has failed, or the session has ended. */
export interface ErrorOccured {
  /** One of the closed set. 1–32 characters. */
  errorCode: string;
  /** One sentence that says what to mend. 1–500 characters. */
  errorMessage: string;
  /** When. ISO 8601. */
  timestamp: string;
  /** The event that failed; null when it was none. 0–128 characters. */
  event: string | null;
}

/** A user, as everybody sees them. */
export interface User {
  /** Who. A UUID. */
  id: string;
  /** The name to sign in and to be mentioned by. 2–32 characters. */
  username: string;
  /** The name to show; empty: the username. 0–64 characters. */
  displayName: string;
  /** About the user. 0–500 characters. */
  bio: string;
  /** Path of the picture on this server; opened by bearer token or cookie. 0–300 characters. */
  avatarUrl: string | null;
  /** What others see. */
  status: Status;
  /** What one does or listens to. 0–100 characters. */
  statusText: string;
  /** What the account may do. */
  role: Role;
  /** When the account was made. ISO 8601. */
  createdAt: string;
  /** True, in LIST_USERS and for admins alone: the account cannot sign in. Else absent. */
  suspended?: boolean;
  /** The change of /music that this relay belongs to. */
  rev?: number;
}

/** The audio of a track. */
export interface Audio {
  /** Type, sniffed from the bytes. 1–100 characters. */
  mime: string;
  /** Bytes. */
  size: number;
  /** BLAKE2b-256 in lower-case hex. 64–64 characters. */
  blake2b: string;
  /** Path on this server; opened by bearer token or cookie, in DOWNLOAD_TRACK by itself. 1–300 characters. */
  url: string;
  /** The bytes themselves, in DOWNLOAD_TRACK with `inline`. */
  data?: Uint8Array | ArrayBuffer;
}

/** What the ratings of a track come to. */
export interface Average {
  /** Mean of the values, 0 without any. */
  average: number;
  /** How many users have rated. */
  count: number;
}

/** A published track. */
export interface Track {
  /** Which. A UUID. */
  id: string;
  /** Who published it. A UUID. */
  userId: string;
  /** Title. 1–200 characters. */
  title: string;
  /** Artist. 0–200 characters. */
  artist: string;
  /** Album. 0–200 characters. */
  album: string;
  /** Genre. 0–100 characters. */
  genre: string;
  /** Year. 0–9999. */
  year: number | null;
  /** Words to find it by. At most 32. */
  tags: string[];
  /** Length. */
  durationMs: number | null;
  /** Its audio. */
  audio: Audio;
  /** Path of the picture on this server; opened by bearer token or cookie. 0–300 characters. */
  coverUrl: string | null;
  /** What its ratings come to. */
  rating: Average;
  /** How many comments. */
  commentCount: number;
  /** How often DOWNLOAD_TRACK was asked for it. */
  downloads: number;
  /** When it was published. ISO 8601. */
  publishedAt: string;
  /** When its fields last changed. ISO 8601. */
  updatedAt: string;
  /** The change of /music that this relay belongs to. */
  rev?: number;
}

/** A comment on a track. */
export interface Comment {
  /** Which. A UUID. */
  id: string;
  /** On what. A UUID. */
  trackId: string;
  /** By whom. A UUID. */
  userId: string;
  /** What it says. 1–2000 characters. */
  text: string;
  /** The moment of the track that it is about. */
  positionMs: number | null;
  /** When. ISO 8601. */
  timestamp: string;
  /** The change of /music that this relay belongs to. */
  rev?: number;
}

/** One user's rating of a track. */
export interface Rating {
  /** Of what. A UUID. */
  trackId: string;
  /** By whom. A UUID. */
  userId: string;
  /** Stars. 1–5. */
  value: number;
  /** When. ISO 8601. */
  timestamp: string;
  /** The track's mean after it, in a relay. */
  average?: number;
  /** The track's ratings after it, in a relay. */
  count?: number;
  /** The change of /music that this relay belongs to. */
  rev?: number;
}

/** Users. */
export type UserList = User[];

/** Who one says to be; the token decides. */
export interface UserConnect {
  /** Must be the token's user when given. A UUID. */
  id?: string;
}

/** Those who are connected, the newcomer included. */
export interface UsersAnswer {
  /** Users. At most 1000. */
  users: User[];
}

/** What to change of one's own profile; what is absent stays. */
export interface UserUpdate {
  /** The name to show. 0–64 characters. */
  displayName?: string;
  /** About the user. 0–500 characters. */
  bio?: string;
  /** A complete upload with purpose `avatar`; null takes the picture away. A UUID. */
  avatarUploadId?: string | null;
}

/** The user as stored now. */
export interface UserAnswer {
  /** The user. */
  user: User;
}

/** A user's id. */
export type GetUser = string;

/** A user with what they have published. */
export interface UserFull {
  /** Who. A UUID. */
  id: string;
  /** The name to sign in and to be mentioned by. 2–32 characters. */
  username: string;
  /** The name to show; empty: the username. 0–64 characters. */
  displayName: string;
  /** About the user. 0–500 characters. */
  bio: string;
  /** Path of the picture on this server; opened by bearer token or cookie. 0–300 characters. */
  avatarUrl: string | null;
  /** What others see. */
  status: Status;
  /** What one does or listens to. 0–100 characters. */
  statusText: string;
  /** What the account may do. */
  role: Role;
  /** When the account was made. ISO 8601. */
  createdAt: string;
  /** The newest tracks. At most 100. */
  tracks: Track[];
  /** For LIST_TRACKS with this userId; null at the end. 0–200 characters. */
  tracksCursor: string | null;
}

/** The full data model of a user. */
export interface UserFullAnswer {
  /** The user. */
  user: UserFull;
}

/** A track's id. */
export type GetTrack = string;

/** A track with its comments and ratings. */
export interface TrackFull {
  /** Which. A UUID. */
  id: string;
  /** Who published it. A UUID. */
  userId: string;
  /** Title. 1–200 characters. */
  title: string;
  /** Artist. 0–200 characters. */
  artist: string;
  /** Album. 0–200 characters. */
  album: string;
  /** Genre. 0–100 characters. */
  genre: string;
  /** Year. 0–9999. */
  year: number | null;
  /** Words to find it by. At most 32. */
  tags: string[];
  /** Length. */
  durationMs: number | null;
  /** Its audio. */
  audio: Audio;
  /** Path of the picture on this server; opened by bearer token or cookie. 0–300 characters. */
  coverUrl: string | null;
  /** What its ratings come to. */
  rating: Average;
  /** How many comments. */
  commentCount: number;
  /** How often DOWNLOAD_TRACK was asked for it. */
  downloads: number;
  /** When it was published. ISO 8601. */
  publishedAt: string;
  /** When its fields last changed. ISO 8601. */
  updatedAt: string;
  /** The newest comments. At most 100. */
  comments: Comment[];
  /** For LIST_COMMENTS; null at the end. 0–200 characters. */
  commentsCursor: string | null;
  /** The newest ratings. At most 100. */
  ratings: Rating[];
  /** For LIST_RATINGS; null at the end. 0–200 characters. */
  ratingsCursor: string | null;
}

/** The full data model of a track. */
export interface TrackFullAnswer {
  /** The track. */
  track: TrackFull;
}

/** Which track to download. */
export interface DownloadTrack {
  /** Which. A UUID. */
  id: string;
  /** True: the bytes come as an attachment, within the payload limit. */
  inline?: boolean;
}

/** A track to publish: its fields, and its audio as an upload or as bytes. */
export interface PublishTrack {
  /** Title. 1–200 characters. */
  title: string;
  /** Artist. 0–200 characters. */
  artist?: string;
  /** Album. 0–200 characters. */
  album?: string;
  /** Genre. 0–100 characters. */
  genre?: string;
  /** Year. 0–9999. */
  year?: number;
  /** Words to find it by. At most 32. */
  tags?: string[];
  /** Length. */
  durationMs?: number;
  /** A complete upload with purpose `track`; this or audio. A UUID. */
  uploadId?: string;
  /** The audio itself, within the payload limit; this or uploadId. */
  audio?: Uint8Array | ArrayBuffer;
  /** A complete upload with purpose `avatar`: a picture. A UUID. */
  coverUploadId?: string;
}

/** The track as stored now. */
export interface TrackAnswer {
  /** The track. */
  track: Track;
}

/** Which track to take back. */
export interface UnpublishTrack {
  /** Which. A UUID. */
  id: string;
}

/** What to change of a track; what is absent stays. */
export interface UpdateTrack {
  /** Which. A UUID. */
  id: string;
  /** Title. 1–200 characters. */
  title?: string;
  /** Artist. 0–200 characters. */
  artist?: string;
  /** Album. 0–200 characters. */
  album?: string;
  /** Genre. 0–100 characters. */
  genre?: string;
  /** Year. 0–9999. */
  year?: number | null;
  /** Words to find it by. At most 32. */
  tags?: string[];
  /** Length. */
  durationMs?: number | null;
  /** A complete upload with purpose `avatar`; null takes the picture away. A UUID. */
  coverUploadId?: string | null;
}

/** A comment to publish. */
export interface PublishComment {
  /** On what. A UUID. */
  trackId: string;
  /** What it says. 1–2000 characters. */
  text: string;
  /** The moment of the track that it is about. */
  positionMs?: number;
}

/** The comment as stored. */
export interface CommentAnswer {
  /** The comment. */
  comment: Comment;
}

/** A rating to publish; it replaces the user's earlier one. */
export interface PublishRating {
  /** Of what. A UUID. */
  trackId: string;
  /** Stars. 1–5. */
  value: number;
}

/** The rating as stored, and what the track's ratings come to. */
export interface RatingAnswer {
  /** The rating. */
  rating: Rating;
  /** Mean of the values. */
  average: number;
  /** How many users have rated. */
  count: number;
}

/** Which tracks to list. */
export interface ListTracks {
  /** Words of title, artist, album, genre and tags, the last one a prefix. 0–200 characters. */
  query?: string;
  /** One tag. 1–50 characters. */
  tag?: string;
  /** Those of one user. A UUID. */
  userId?: string;
  /** Order; new when absent. */
  sort?: TrackSort;
  /** Where the answer before stopped. 1–200 characters. */
  cursor?: string;
  /** At most so many; 50 when absent. 1–100. */
  limit?: number;
}

/** A page of tracks. */
export interface TracksAnswer {
  /** Tracks. At most 100. */
  tracks: Track[];
  /** For the next page; null at the end. 0–200 characters. */
  nextCursor: string | null;
  /** How many there are in all pages. */
  total: number;
}

/** Which users to list. */
export interface ListUsers {
  /** The beginning of a username or a word of a display name. 0–64 characters. */
  query?: string;
  /** True: those connected; false: the others; absent: all. */
  connected?: boolean;
  /** Where the answer before stopped. 1–200 characters. */
  cursor?: string;
  /** At most so many; 50 when absent. 1–100. */
  limit?: number;
}

/** A page of users. */
export interface UsersPage {
  /** Users. At most 100. */
  users: User[];
  /** For the next page; null at the end. 0–200 characters. */
  nextCursor: string | null;
}

/** Of which track to list comments or ratings, the newest first. */
export interface ListFeedback {
  /** Of what. A UUID. */
  trackId: string;
  /** Where the answer before stopped. 1–200 characters. */
  cursor?: string;
  /** At most so many; 50 when absent. 1–100. */
  limit?: number;
}

/** A page of comments. */
export interface CommentsPage {
  /** Comments. At most 100. */
  comments: Comment[];
  /** For the next page; null at the end. 0–200 characters. */
  nextCursor: string | null;
}

/** A page of ratings. */
export interface RatingsPage {
  /** Ratings. At most 100. */
  ratings: Rating[];
  /** For the next page; null at the end. 0–200 characters. */
  nextCursor: string | null;
}

/** What has changed in /music since a rev. */
export interface ListChanges {
  /** The last rev that one knows; 0: from the beginning. */
  afterRev: number;
  /** At most so many; 200 when absent. 1–500. */
  limit?: number;
}

/** The newest state of what a change was made to. */
export interface Change {
  /** The change's place. */
  rev: number;
  /** What object is. */
  kind: ChangeKind;
  /** Its id; of a rating trackId, a slash and userId. 36–73 characters. */
  id: string;
  /** A User, Track, Comment or Rating; null when deleted. */
  object: unknown;
}

/** Changes, ascending by rev; of several to one object only the last. */
export interface ChangesAnswer {
  /** Changes. At most 500. */
  changes: Change[];
  /** To ask with next time. */
  rev: number;
  /** True when the answer stopped before the end. */
  more: boolean;
}

/** A user has come or gone. */
export interface PresenceChange {
  /** Who. A UUID. */
  userId: string;
  /** When. ISO 8601. */
  timestamp: string;
}

/** A channel, a private group or a direct conversation. */
export interface Group {
  /** Which. A UUID. */
  id: string;
  /** Name; empty for a direct one. 0–80 characters. */
  name: string;
  /** Who may see and join it. */
  kind: GroupKind;
  /** Who made it; null for lobby. A UUID. */
  creatorId: string | null;
  /** When. ISO 8601. */
  createdAt: string;
  /** How many members. */
  memberCount: number;
  /** The seq of its newest message; 0 without any. */
  lastSeq: number;
  /** Grows with every message, edit, deletion and reaction. */
  rev: number;
}

/** A file of a group. */
export interface File {
  /** Which. A UUID. */
  fileId: string;
  /** Whose members may read it. A UUID. */
  groupId: string;
  /** Name. 1–255 characters. */
  fileName: string;
  /** Bytes. */
  fileSize: number;
  /** Type, sniffed from the bytes. 1–100 characters. */
  mime: string;
  /** Path on this server; opened by bearer token or cookie. 1–300 characters. */
  url: string;
  /** Who uploaded it. A UUID. */
  userId: string;
  /** When. ISO 8601. */
  timestamp: string;
}

/** One reaction to a message and who gave it. */
export interface Reaction {
  /** One emoji or `:name:`. 1–64 characters. */
  reaction: string;
  /** Who. At most 1000. */
  userIds: string[];
}

/** A message of a group. */
export interface Message {
  /** Which. A UUID. */
  messageId: string;
  /** Where. A UUID. */
  groupId: string;
  /** Its number in the group, from 1 without a gap. */
  seq: number;
  /** The group's rev when it last changed. */
  rev: number;
  /** Who sent it. A UUID. */
  userId: string;
  /** The text as sent; empty once deleted. 0–4000 characters. */
  message: string;
  /** When it was sent. ISO 8601. */
  timestamp: string;
  /** What its sender called it. 0–64 characters. */
  clientId: string | null;
  /** The message that it answers. A UUID. */
  replyTo: string | null;
  /** Files it carries. At most 10. */
  files: File[];
  /** Tracks it carries; those unpublished since are missing. At most 10. */
  tracks: Track[];
  /** When it was last edited. ISO 8601. */
  editedAt: string | null;
  /** When it was deleted. ISO 8601. */
  deletedAt: string | null;
  /** Reactions, in the order they first came. At most 50. */
  reactions: Reaction[];
}

/** A user's status. */
export interface StatusChanged {
  /** Whose. A UUID. */
  userId: string;
  /** Status. */
  newStatus: Status;
  /** What one does or listens to. 0–100 characters. */
  statusText: string;
  /** When. ISO 8601. */
  timestamp: string;
}

/** A new group. */
export interface GroupCreated {
  /** Which. A UUID. */
  groupId: string;
  /** Who made it. A UUID. */
  creatorId: string;
  /** When. ISO 8601. */
  timestamp: string;
  /** Name; empty for a direct one. 0–80 characters. */
  name: string;
  /** Who may see and join it. */
  kind: GroupKind;
  /** Its first members, the creator included. At most 1000. */
  members: string[];
}

/** A group has a new member. */
export interface MemberAdded {
  /** Where. A UUID. */
  groupId: string;
  /** Who. A UUID. */
  userId: string;
  /** By whom; the same for one who joined. A UUID. */
  addedBy: string;
  /** When. ISO 8601. */
  timestamp: string;
}

/** A group has lost a member. */
export interface MemberRemoved {
  /** Where. A UUID. */
  groupId: string;
  /** Who. A UUID. */
  userId: string;
  /** By whom; the same for one who left. A UUID. */
  removedBy: string;
  /** When. ISO 8601. */
  timestamp: string;
}

/** Something that concerns one user. */
export interface Notification {
  /** Which. A UUID. */
  notificationId: string;
  /** Whom it concerns. A UUID. */
  userId: string;
  /** Why. */
  notificationType: NotificationType;
  /** An object that depends on the type; see protocol.md section 5. */
  data: unknown;
  /** When. ISO 8601. */
  timestamp: string;
}

/** A setting of the user. */
export interface Setting {
  /** Whose. A UUID. */
  userId: string;
  /** Name. 1–64 characters. */
  settingName: string;
  /** Value. */
  newValue: unknown;
  /** When. ISO 8601. */
  timestamp: string;
}

/** State for the client. */
export interface DataReceived {
  /** `snapshot`, `presence`, or the name of what was asked for. 1–32 characters. */
  dataType: string;
  /** An object that depends on dataType. */
  data: unknown;
  /** When. ISO 8601. */
  timestamp: string;
}

/** Presence where too many would see each change: DATA_RECEIVED `presence`. */
export interface PresenceDigest {
  /** How many users are connected. */
  online: number;
  /** Some who came since the last one. At most 100. */
  connected: string[];
  /** Some who went since the last one. At most 100. */
  disconnected: string[];
}

/** A group by its id and name. */
export interface ChannelRef {
  /** Which. A UUID. */
  id: string;
  /** Its name; what a client says here does not count. 0–80 characters. */
  name?: string;
}

/** A user has turned to another group. */
export interface GroupChanged {
  /** Who. A UUID. */
  userId: string;
  /** The group. */
  newChannelId: ChannelRef;
  /** When. ISO 8601. */
  timestamp: string;
}

/** How far a user has read a group. */
export interface MessageReadMark {
  /** Who. A UUID. */
  userId: string;
  /** Where. A UUID. */
  groupId: string;
  /** The newest message read. */
  seq: number;
  /** When. ISO 8601. */
  timestamp: string;
}

/** A message has a new text. */
export interface MessageEdit {
  /** Which. A UUID. */
  messageId: string;
  /** Where. A UUID. */
  groupId: string;
  /** Its number in the group. */
  seq: number;
  /** The group's rev of this change. */
  rev: number;
  /** Its author. A UUID. */
  userId: string;
  /** The text now. 1–4000 characters. */
  message: string;
  /** When. ISO 8601. */
  editedAt: string;
}

/** A message was deleted. */
export interface MessageDeletion {
  /** Which. A UUID. */
  messageId: string;
  /** Where. A UUID. */
  groupId: string;
  /** Its number in the group, which stays. */
  seq: number;
  /** The group's rev of this change. */
  rev: number;
  /** By whom. A UUID. */
  deletedBy: string;
  /** When. ISO 8601. */
  timestamp: string;
}

/** A reaction was given or taken back. */
export interface MessageReactionChange {
  /** To which message. A UUID. */
  messageId: string;
  /** Where. A UUID. */
  groupId: string;
  /** By whom. A UUID. */
  userId: string;
  /** One emoji or `:name:`. 1–64 characters. */
  reaction: string;
  /** True: given; false: taken back. */
  on: boolean;
  /** The group's rev of this change. */
  rev: number;
  /** When. ISO 8601. */
  timestamp: string;
}

/** A user is writing. */
export interface TypingNow {
  /** Who. A UUID. */
  userId: string;
  /** Where. A UUID. */
  groupId: string;
}

/** Notifications were read on another device. */
export interface NotificationGone {
  /** Which, or `all`. 3–36 characters. */
  notificationId: string;
  /** When. ISO 8601. */
  timestamp: string;
}

/** A message to send. */
export interface MessageSent {
  /** The text. 1–4000 characters. */
  message: string;
  /** Where; the socket's active group when absent. A UUID. */
  groupId?: string;
  /** Its sender's name for it: the same one is stored once. 1–64 characters. */
  clientId?: string;
  /** A message of the same group. A UUID. */
  replyTo?: string;
  /** Files of the same group. At most 10. */
  fileIds?: string[];
  /** Tracks. At most 10. */
  trackIds?: string[];
}

/** Where the message is now. */
export interface MessageSentAnswer {
  /** Which. A UUID. */
  messageId: string;
  /** Where. A UUID. */
  groupId: string;
  /** Its number in the group. */
  seq: number;
  /** When it was stored. ISO 8601. */
  timestamp: string;
}

/** A file to upload, within the payload limit. */
export interface FileUploaded {
  /** Where; the socket's active group when absent. A UUID. */
  groupId?: string;
  /** Name. 1–255 characters. */
  fileName: string;
  /** The bytes. */
  data: Uint8Array | ArrayBuffer;
}

/** Where the file is now. */
export interface FileAnswer {
  /** Which. A UUID. */
  fileId: string;
  /** Path on this server, signed. 1–300 characters. */
  url: string;
}

/** One's own status. */
export interface UserStatusChanged {
  /** Status. */
  newStatus: Status;
  /** What one does or listens to; absent: as it was. 0–100 characters. */
  statusText?: string;
}

/** A group to create. */
export interface CreateGroup {
  /** Name; must be absent for a direct group, and be there for the others. 1–80 characters. */
  name?: string;
  /** channel when absent. */
  kind?: GroupKind;
  /** Further members; exactly one other for a direct group. At most 1000. */
  members?: string[];
}

/** The group as stored now. */
export interface GroupAnswer {
  /** The group. */
  group: Group;
}

/** A user and a group. */
export interface GroupMember {
  /** Where. A UUID. */
  groupId: string;
  /** Who; oneself when absent. A UUID. */
  userId?: string;
}

/** A setting to store. */
export interface UserSettingsUpdated {
  /** Name. 1–64 characters. */
  settingName: string;
  /** Value; null deletes it. */
  newValue: unknown;
}

/** The group to turn to. */
export interface UserChangedGroup {
  /** The group. */
  newChannelId: ChannelRef;
}

/** All that a client needs to begin. */
export interface Snapshot {
  /** Oneself. */
  me: User;
  /** { name: value }. */
  settings: unknown;
  /** One's groups, lobby included. At most 1001. */
  groups: Group[];
  /** Those one shares a private or direct group with. At most 1000. */
  users: User[];
  /** { groupId: unread messages }. */
  unread: unknown;
  /** Unread ones, the newest first. At most 100. */
  notifications: Notification[];
}

/** A snapshot. */
export interface SnapshotAnswer {
  /** The snapshot. */
  data: Snapshot;
}

/** Which messages of a group; of the three places at most one. */
export interface GetHistory {
  /** Where. A UUID. */
  groupId: string;
  /** Those before this one, the newest of them. */
  beforeSeq?: number;
  /** Those after this one, the oldest of them. */
  afterSeq?: number;
  /** Those sent or changed after this rev, by rev. */
  afterRev?: number;
  /** At most so many; 50 when absent. 1–200. */
  limit?: number;
}

/** Messages. */
export interface History {
  /** Ascending by seq, or by rev for afterRev. At most 200. */
  messages: Message[];
  /** True when there are more in the direction asked. */
  more: boolean;
}

/** What to search for. */
export interface SearchMessages {
  /** Words, all of which must occur, the last one as a prefix. 1–200 characters. */
  query: string;
  /** In this group alone. A UUID. */
  groupId?: string;
  /** Where the answer before stopped. 1–200 characters. */
  cursor?: string;
  /** At most so many; 50 when absent. 1–100. */
  limit?: number;
}

/** Messages found, the newest first. */
export interface Search {
  /** Messages. At most 100. */
  messages: Message[];
  /** For the next page; null at the end. 0–200 characters. */
  nextCursor: string | null;
}

/** Which groups to list: channels, and one's own. */
export interface ListGroups {
  /** A part of the name. 0–80 characters. */
  query?: string;
  /** Where the answer before stopped. 1–200 characters. */
  cursor?: string;
}

/** A page of groups. */
export interface Groups {
  /** Groups. At most 100. */
  groups: Group[];
  /** For the next page; null at the end. 0–200 characters. */
  nextCursor: string | null;
}

/** Whose members to list. */
export interface ListMembers {
  /** Where. A UUID. */
  groupId: string;
  /** Where the answer before stopped. 1–200 characters. */
  cursor?: string;
}

/** A page of members. */
export interface Members {
  /** Users. At most 100. */
  users: User[];
  /** For the next page; null at the end. 0–200 characters. */
  nextCursor: string | null;
}

/** One's unread notifications, the newest first. */
export interface ListNotifications {
  /** Where the answer before stopped. 1–200 characters. */
  cursor?: string;
}

/** A page of notifications. */
export interface Notifications {
  /** Notifications. At most 100. */
  notifications: Notification[];
  /** For the next page; null at the end. 0–200 characters. */
  nextCursor: string | null;
}

/** How far one has read. */
export interface MessageRead {
  /** Where. A UUID. */
  groupId: string;
  /** The newest message read. */
  seq: number;
}

/** A new text for one's own message. */
export interface MessageEdited {
  /** Which. A UUID. */
  messageId: string;
  /** The new text. 1–4000 characters. */
  message: string;
}

/** The change's place in its group. */
export interface RevAnswer {
  /** The group's rev of this change. */
  rev: number;
}

/** A message to delete. */
export interface MessageDeleted {
  /** Which. A UUID. */
  messageId: string;
}

/** A reaction to give or to take back. */
export interface MessageReaction {
  /** To which message. A UUID. */
  messageId: string;
  /** One emoji or `:name:`. 1–64 characters. */
  reaction: string;
  /** True: give; false: take back. */
  on: boolean;
}

/** One is writing. */
export interface Typing {
  /** Where; the socket's active group when absent. A UUID. */
  groupId?: string;
}

/** A notification that was read. */
export interface NotificationRead {
  /** Which, or `all`. 3–36 characters. */
  notificationId: string;
}

/** An account to make. */
export interface RegisterAccount {
  /** The name to sign in and to be mentioned by. 2–32 characters. */
  username: string;
  /** The password. 8–1024 characters. */
  password: string;
  /** The name to show. 0–64 characters. */
  displayName?: string;
  /** The code of an invite, or of the one-time link of the first start. 1–128 characters. */
  invite?: string;
}

/** A session to begin. */
export interface SignIn {
  /** The name of the account. 1–128 characters. */
  username: string;
  /** Its password. 1–1024 characters. */
  password: string;
}

/** A new session. */
export interface SessionBegun {
  /** Whose. */
  user: User;
  /** The bearer token, shown this once. 1–128 characters. */
  token: string;
  /** When it ends if it is not used. ISO 8601. */
  expiresAt: string;
}

/** A session of the user. */
export interface SessionInfo {
  /** Which. A UUID. */
  id: string;
  /** What the client called itself. 0–200 characters. */
  about: string;
  /** When it began. ISO 8601. */
  createdAt: string;
  /** When it was last used. ISO 8601. */
  usedAt: string;
  /** When it ends if it is not used. ISO 8601. */
  expiresAt: string;
  /** True for the session that asks. */
  current: boolean;
}

/** The user's sessions. */
export interface Sessions {
  /** Sessions. At most 50. */
  sessions: SessionInfo[];
}

/** Something to be opened without token and cookie. */
export interface CreateLink {
  /** The address of a file, audio or picture, as events give it. 1–200 characters. */
  path: string;
}

/** An address that opens by itself. */
export interface SignedLink {
  /** The path with its signature. 1–400 characters. */
  url: string;
  /** When it ends; with the session, the membership or a suspension sooner. ISO 8601. */
  expiresAt: string;
}

/** A session to end. */
export interface SessionRef {
  /** Which, or `current`. 7–36 characters. */
  id: string;
}

/** A new password; all other sessions end. */
export interface ChangePassword {
  /** The password until now. 1–1024 characters. */
  current: string;
  /** The new one. 8–1024 characters. */
  new: string;
}

/** What an admin changes of an account; what is absent stays. */
export interface ChangeUser {
  /** Whose. A UUID. */
  id: string;
  /** What the account may do. */
  role?: Role;
  /** True: its sessions end and it cannot sign in. */
  suspended?: boolean;
}

/** An account, as admins see it. */
export interface Account {
  /** The user. */
  user: User;
  /** True: it cannot sign in. */
  suspended: boolean;
}

/** An invite to make. */
export interface CreateInvite {
  /** How many accounts it is good for; 1 when absent. 1–1000. */
  uses?: number;
  /** How many days it holds; 7 when absent. 1–365. */
  days?: number;
}

/** An invite. */
export interface InviteInfo {
  /** Which. A UUID. */
  id: string;
  /** What to register with. 1–128 characters. */
  code: string;
  /** Path on this server that opens the registration with it. 1–300 characters. */
  link: string;
  /** How many accounts it is still good for. 0–1000. */
  usesLeft: number;
  /** When it ends. ISO 8601. */
  expiresAt: string;
  /** Who made it. A UUID. */
  createdBy: string;
  /** When it was made. ISO 8601. */
  createdAt: string;
}

/** The invites that still hold. */
export interface Invites {
  /** Invites. At most 1000. */
  invites: InviteInfo[];
}

/** An invite to take back. */
export interface InviteRef {
  /** Which. A UUID. */
  id: string;
}

/* Characters (code points) that the texts of requests may have. */
export const MAX_CONNECT_AUTH_TOKEN = 128;
export const MAX_USER_UPDATE_DISPLAY_NAME = 64;
export const MAX_USER_UPDATE_BIO = 500;
export const MAX_PUBLISH_TRACK_TITLE = 200;
export const MAX_PUBLISH_TRACK_ARTIST = 200;
export const MAX_PUBLISH_TRACK_ALBUM = 200;
export const MAX_PUBLISH_TRACK_GENRE = 100;
export const MAX_UPDATE_TRACK_TITLE = 200;
export const MAX_UPDATE_TRACK_ARTIST = 200;
export const MAX_UPDATE_TRACK_ALBUM = 200;
export const MAX_UPDATE_TRACK_GENRE = 100;
export const MAX_PUBLISH_COMMENT_TEXT = 2000;
export const MAX_LIST_TRACKS_QUERY = 200;
export const MAX_LIST_TRACKS_TAG = 50;
export const MAX_LIST_TRACKS_CURSOR = 200;
export const MAX_LIST_USERS_QUERY = 64;
export const MAX_LIST_USERS_CURSOR = 200;
export const MAX_LIST_FEEDBACK_CURSOR = 200;
export const MAX_MESSAGE_SENT_MESSAGE = 4000;
export const MAX_MESSAGE_SENT_CLIENT_ID = 64;
export const MAX_FILE_UPLOADED_FILE_NAME = 255;
export const MAX_USER_STATUS_CHANGED_STATUS_TEXT = 100;
export const MAX_CREATE_GROUP_NAME = 80;
export const MAX_USER_SETTINGS_UPDATED_SETTING_NAME = 64;
export const MAX_SEARCH_MESSAGES_QUERY = 200;
export const MAX_SEARCH_MESSAGES_CURSOR = 200;
export const MAX_LIST_GROUPS_QUERY = 80;
export const MAX_LIST_GROUPS_CURSOR = 200;
export const MAX_LIST_MEMBERS_CURSOR = 200;
export const MAX_LIST_NOTIFICATIONS_CURSOR = 200;
export const MAX_MESSAGE_EDITED_MESSAGE = 4000;
export const MAX_MESSAGE_REACTION_REACTION = 64;
export const MIN_NOTIFICATION_READ_NOTIFICATION_ID = 3;
export const MAX_NOTIFICATION_READ_NOTIFICATION_ID = 36;
export const MIN_REGISTER_ACCOUNT_USERNAME = 2;
export const MAX_REGISTER_ACCOUNT_USERNAME = 32;
export const MIN_REGISTER_ACCOUNT_PASSWORD = 8;
export const MAX_REGISTER_ACCOUNT_PASSWORD = 1024;
export const MAX_REGISTER_ACCOUNT_DISPLAY_NAME = 64;
export const MAX_REGISTER_ACCOUNT_INVITE = 128;
export const MAX_SIGN_IN_USERNAME = 128;
export const MAX_SIGN_IN_PASSWORD = 1024;
export const MAX_CREATE_LINK_PATH = 200;
export const MIN_SESSION_REF_ID = 7;
export const MAX_SESSION_REF_ID = 36;
export const MAX_CHANGE_PASSWORD_CURRENT = 1024;
export const MIN_CHANGE_PASSWORD_NEW = 8;
export const MAX_CHANGE_PASSWORD_NEW = 1024;

/** Arrays and objects inside each other, in any JSON text from outside. Unit: levels. */
export const JSON_DEPTH_MAX = 32;
/** The name of a Socket.IO event. Unit: bytes. */
export const EVENT_NAME_MAX = 128;
/** The name of a Socket.IO namespace. Unit: bytes. */
export const NAMESPACE_NAME_MAX = 128;
/** The name of a room. Unit: bytes. */
export const ROOM_NAME_MAX = 256;
/** Binary attachments of a Socket.IO packet, both ways: clients refuse more. Unit: frames. */
export const ATTACHMENTS_MAX = 10;
/** Rooms that one socket is in. Unit: rooms. */
export const ROOMS_PER_SOCKET_MAX = 131072;
/** Packets that wait for the next poll of a client; one more closes it. Unit: packets. */
export const QUEUE_PACKETS_MAX = 65536;
/** Namespaces that one connection has joined or is joining. Unit: namespaces. */
export const NAMESPACES_PER_CONNECTION_MAX = 16;
/** Acknowledgements that the server awaits from one socket. Unit: acks. */
export const ACKS_PENDING_MAX = 1024;
/** WebSocket pings in one read of at most 64 KiB; one more closes the connection. Unit: pings. */
export const PINGS_PER_READ_MAX = 256;
/** Connections of an address ended for faults of theirs (malformed, too large, not read); then it opens none for a while. Not 127.0.0.1 and ::1. Unit: faults. */
export const FAULTS_PER_ADDRESS_MAX = 4;
/** That while, from the last fault on; and what lies further back is forgotten. Unit: ms. */
export const FAULT_TIME_MAX = 10000;
/** Request line and header fields of an HTTP request, together. Unit: bytes. */
export const HEADER_BLOCK_MAX = 16384;
/** Header fields of an HTTP request. Unit: fields. */
export const HEADER_COUNT_MAX = 100;
/** Path and query of the request that opens an Engine.IO connection, which keeps them; longer is 431. Unit: bytes. */
export const HANDSHAKE_BYTES_MAX = 2048;
/** From the first byte of an HTTP request to the end of its header block. Unit: ms. */
export const HEADER_TIME_MAX = 10000;
/** An HTTP connection without a request. Unit: ms. */
export const KEEP_ALIVE_MAX = 60000;
/** HTTP answers that wait for a peer that does not read; above, and while a file is on its way, its next request is not taken. Unit: bytes. */
export const ANSWERS_QUEUED_MAX = 65536;
/** Elements of proxy_header that are looked at: of more the last ones. Unit: hops. */
export const PROXY_HOPS_MAX = 16;
/** Byte ranges of one Range header. Unit: ranges. */
export const RANGES_MAX = 16;
/** How long a group's file may be without a message that carries it; then it is removed. Unit: ms. */
export const FILE_UNSENT_MAX = 86400000;
/** The JSON body of an HTTP API request. Unit: bytes. */
export const JSON_BODY_MAX = 65536;
/** The Upload-Metadata header of a tus creation. Unit: bytes. */
export const UPLOAD_METADATA_MAX = 4096;
/** An upload with purpose `avatar`: a picture of a user or a track. Unit: bytes. */
export const PICTURE_MAX = 10485760;
/** Width times height of such a picture, and of one that the web application shows unasked: four bytes each in every browser. Unit: pixels. */
export const PICTURE_PIXELS_MAX = 40000000;
/** What waits between an I/O thread and the first one, each way; then connections are not read, or the thread is waited for. Unit: bytes. */
export const THREAD_QUEUE_MAX = 8388608;
/** What threads may be at most. Unit: threads. */
export const THREADS_MAX = 64;
/** Jobs that wait for a worker thread (Argon2id, blob files); one more is `unavailable`. Unit: jobs. */
export const WORKER_QUEUE_MAX = 64;
/** Jobs that wait for the store's writer; one more is `unavailable`. Unit: jobs. */
export const WRITER_QUEUE_MAX = 16384;
/** What writer_batch may be at most. Unit: jobs. */
export const WRITER_BATCH_MAX = 256;
/** Jobs that wait for a store reader; one more is `unavailable`. Unit: jobs. */
export const READER_QUEUE_MAX = 4096;
/** Of these, of one user; one more is `rate_limited`. Unit: jobs. */
export const READS_PER_USER_MAX = 512;
/** Events of a socket that wait for an earlier one of it to end; one more is `rate_limited`. Unit: events. */
export const DEFERRED_EVENTS_MAX = 256;
/** The `auth` object of a CONNECT packet. Unit: bytes. */
export const CONNECT_AUTH_MAX = 4096;
/** @names of one message that are looked up; later ones notify nobody. Unit: names. */
export const MENTIONS_MAX = 50;
/** How long one question to the store may be worked on; then it is `unavailable`. Unit: ms. */
export const READ_TIME_MAX = 2000;
/** How long one change may be worked on by the store's writer; then it is `unavailable`. Unit: ms. */
export const WRITE_TIME_MAX = 2000;
/** The JSON of one answer; what is left is named by `nextCursor` or `more`. Unit: bytes. */
export const ANSWER_BYTES_MAX = 524288;

/** /music: what clients ask and are answered. */
export interface MusicRequests {
  /** Enter; answered by USER_CONNECTED, the list of those connected. */
  USER_CONNECT: { payload: UserConnect; answer: UsersAnswer };
  /** Leave; the socket is disconnected. */
  USER_DISCONNECT: { payload: Empty; answer: Empty };
  /** Change one's own profile. */
  USER_UPDATE: { payload: UserUpdate; answer: UserAnswer };
  /** The full data model of a user. */
  GET_USER: { payload: GetUser; answer: UserFullAnswer };
  /** The full data model of a track. */
  GET_TRACK: { payload: GetTrack; answer: TrackFullAnswer };
  /** Download a track: DOWNLOAD_TRACK with a signed address, or with the bytes. */
  DOWNLOAD_TRACK: { payload: DownloadTrack; answer: Empty };
  /** Publish a track. */
  PUBLISH_TRACK: { payload: PublishTrack; answer: TrackAnswer };
  /** Take a track back, with its comments and ratings. */
  UNPUBLISH_TRACK: { payload: UnpublishTrack; answer: Empty };
  /** Change the fields of one's own track. */
  UPDATE_TRACK: { payload: UpdateTrack; answer: TrackAnswer };
  /** Comment on a track, perhaps at a moment of it. */
  PUBLISH_COMMENT: { payload: PublishComment; answer: CommentAnswer };
  /** Rate a track. */
  PUBLISH_RATING: { payload: PublishRating; answer: RatingAnswer };
  /** A page of the catalogue. */
  LIST_TRACKS: { payload: ListTracks; answer: TracksAnswer };
  /** A page of the users; to admins it says who is suspended. */
  LIST_USERS: { payload: ListUsers; answer: UsersPage };
  /** A page of a track's comments. */
  LIST_COMMENTS: { payload: ListFeedback; answer: CommentsPage };
  /** A page of a track's ratings. */
  LIST_RATINGS: { payload: ListFeedback; answer: RatingsPage };
  /** What has changed since a rev. */
  LIST_CHANGES: { payload: ListChanges; answer: ChangesAnswer };
}

/** /music: what the server sends. */
export interface MusicEvents {
  /** A user's first socket has entered. */
  USER_CONNECT: User;
  /** Answer to USER_CONNECT: who is connected. */
  USER_CONNECTED: UserList;
  /** A user's last socket has gone. */
  USER_DISCONNECT: User;
  /** A user has another profile or status. */
  USER_UPDATE: User;
  /** The track that was asked for. */
  DOWNLOAD_TRACK: Track;
  /** A track was published. */
  PUBLISH_TRACK: Track;
  /** A track was taken back. */
  UNPUBLISH_TRACK: Track;
  /** A track has other fields. */
  UPDATE_TRACK: Track;
  /** A track has a new comment. */
  PUBLISH_COMMENT: Comment;
  /** A track has a new or another rating. */
  PUBLISH_RATING: Rating;
  /** Presence, where too many would see each change. */
  DATA_RECEIVED: DataReceived;
  /** A request without acknowledgement has failed, or the session has ended. */
  ERROR_OCCURED: ErrorOccured;
}

/** /chat: what clients ask and are answered. */
export interface ChatRequests {
  /** Send a message. */
  MESSAGE_SENT: { payload: MessageSent; answer: MessageSentAnswer };
  /** Upload a small file to a group. */
  FILE_UPLOADED: { payload: FileUploaded; answer: FileAnswer };
  /** Change one's own status. */
  USER_STATUS_CHANGED: { payload: UserStatusChanged; answer: Empty };
  /** Create a group. */
  GROUP_CREATED: { payload: CreateGroup; answer: GroupAnswer };
  /** Add a member, or join a channel. */
  GROUP_MEMBER_ADDED: { payload: GroupMember; answer: GroupAnswer };
  /** Remove a member, or leave. */
  GROUP_MEMBER_REMOVED: { payload: GroupMember; answer: Empty };
  /** Store a setting. */
  USER_SETTINGS_UPDATED: { payload: UserSettingsUpdated; answer: Empty };
  /** Turn to a group: messages without groupId go there. */
  USER_CHANGED_GROUP: { payload: UserChangedGroup; answer: GroupAnswer };
  /** All that a client needs to begin. */
  GET_SNAPSHOT: { payload: Empty; answer: SnapshotAnswer };
  /** Messages of a group. */
  GET_HISTORY: { payload: GetHistory; answer: History };
  /** Messages of one's groups that hold the given words. */
  SEARCH_MESSAGES: { payload: SearchMessages; answer: Search };
  /** A page of the channels and one's own groups. */
  LIST_GROUPS: { payload: ListGroups; answer: Groups };
  /** A page of a group's members. */
  LIST_MEMBERS: { payload: ListMembers; answer: Members };
  /** A page of one's unread notifications. */
  LIST_NOTIFICATIONS: { payload: ListNotifications; answer: Notifications };
  /** Move one's read mark forward. */
  MESSAGE_READ: { payload: MessageRead; answer: Empty };
  /** Give one's own message another text. */
  MESSAGE_EDITED: { payload: MessageEdited; answer: RevAnswer };
  /** Delete a message. */
  MESSAGE_DELETED: { payload: MessageDeleted; answer: RevAnswer };
  /** React to a message, or take the reaction back. */
  MESSAGE_REACTION: { payload: MessageReaction; answer: RevAnswer };
  /** Say that one is writing. */
  TYPING: { payload: Typing; answer: Empty };
  /** Mark notifications as read. */
  NOTIFICATION_READ: { payload: NotificationRead; answer: Empty };
}

/** /chat: what the server sends. */
export interface ChatEvents {
  /** A user's first socket has connected. */
  USER_CONNECTED: PresenceChange;
  /** A user's last socket has gone. */
  USER_DISCONNECTED: PresenceChange;
  /** One's own message, sent from another socket or without acknowledgement. */
  MESSAGE_SENT: Message;
  /** Another member's message. */
  MESSAGE_RECEIVED: Message;
  /** A group has a new file. */
  FILE_UPLOADED: File;
  /** A user has another status. */
  USER_STATUS_CHANGED: StatusChanged;
  /** A group was created. */
  GROUP_CREATED: GroupCreated;
  /** A group has a new member. */
  GROUP_MEMBER_ADDED: MemberAdded;
  /** A group has lost a member. */
  GROUP_MEMBER_REMOVED: MemberRemoved;
  /** Something concerns this user. */
  NOTIFICATION_RECEIVED: Notification;
  /** A setting was stored from another socket. */
  USER_SETTINGS_UPDATED: Setting;
  /** A request without acknowledgement has failed, or the session has ended. */
  ERROR_OCCURED: ErrorOccured;
  /** State for the client. */
  DATA_RECEIVED: DataReceived;
  /** A member has turned to this group. */
  USER_CHANGED_GROUP: GroupChanged;
  /** One has read on another device. */
  MESSAGE_READ: MessageReadMark;
  /** A message has another text. */
  MESSAGE_EDITED: MessageEdit;
  /** A message was deleted. */
  MESSAGE_DELETED: MessageDeletion;
  /** A reaction was given or taken back. */
  MESSAGE_REACTION: MessageReactionChange;
  /** A member is writing. */
  TYPING: TypingNow;
  /** Notifications were read on another device. */
  NOTIFICATION_READ: NotificationGone;
}

/** The HTTP routes: `:id` is the payload's field `id`. */
export const ROUTES = {
  register_account: { method: 'POST', path: '/api/v1/accounts' },
  sign_in: { method: 'POST', path: '/api/v1/sessions' },
  list_sessions: { method: 'GET', path: '/api/v1/sessions' },
  end_session: { method: 'DELETE', path: '/api/v1/sessions/:id' },
  change_password: { method: 'POST', path: '/api/v1/password' },
  change_user: { method: 'PATCH', path: '/api/v1/users/:id' },
  list_invites: { method: 'GET', path: '/api/v1/invites' },
  create_invite: { method: 'POST', path: '/api/v1/invites' },
  delete_invite: { method: 'DELETE', path: '/api/v1/invites/:id' },
  create_link: { method: 'POST', path: '/api/v1/links' },
  upload_options: { method: 'OPTIONS', path: '/api/v1/uploads' },
  create_upload: { method: 'POST', path: '/api/v1/uploads' },
  look_upload: { method: 'HEAD', path: '/api/v1/uploads/:id' },
  append_upload: { method: 'PATCH', path: '/api/v1/uploads/:id' },
  delete_upload: { method: 'DELETE', path: '/api/v1/uploads/:id' },
  get_file: { method: 'GET', path: '/api/v1/files/:id' },
  get_audio: { method: 'GET', path: '/api/v1/tracks/:id/audio' },
  get_cover: { method: 'GET', path: '/api/v1/tracks/:id/cover' },
  get_avatar: { method: 'GET', path: '/api/v1/users/:id/avatar' },
  healthz: { method: 'GET', path: '/healthz' },
  readyz: { method: 'GET', path: '/readyz' },
  metrics: { method: 'GET', path: '/metrics' },
  asyncapi: { method: 'GET', path: '/asyncapi.json' },
  openapi: { method: 'GET', path: '/openapi.json' },
  web_page: { method: 'GET', path: '/' },
  web_asset: { method: 'GET', path: '/assets/:id' },
  web_file: { method: 'GET', path: '/:id' },
} as const;

export interface Routes {
  /** Make an account and begin its first session. */
  register_account: { method: 'POST'; path: '/api/v1/accounts'; payload: RegisterAccount; answer: SessionBegun };
  /** Begin a session. */
  sign_in: { method: 'POST'; path: '/api/v1/sessions'; payload: SignIn; answer: SessionBegun };
  /** The user's sessions. */
  list_sessions: { method: 'GET'; path: '/api/v1/sessions'; payload: Empty; answer: Sessions };
  /** End a session; its sockets are disconnected. */
  end_session: { method: 'DELETE'; path: '/api/v1/sessions/:id'; payload: SessionRef; answer: Empty };
  /** Set a new password; all other sessions end. */
  change_password: { method: 'POST'; path: '/api/v1/password'; payload: ChangePassword; answer: Empty };
  /** Change an account's role, or suspend it. */
  change_user: { method: 'PATCH'; path: '/api/v1/users/:id'; payload: ChangeUser; answer: Account };
  /** The invites that still hold. */
  list_invites: { method: 'GET'; path: '/api/v1/invites'; payload: Empty; answer: Invites };
  /** Make an invite. */
  create_invite: { method: 'POST'; path: '/api/v1/invites'; payload: CreateInvite; answer: InviteInfo };
  /** Take an invite back. */
  delete_invite: { method: 'DELETE'; path: '/api/v1/invites/:id'; payload: InviteRef; answer: Empty };
  /** An address of a file, audio or picture that opens by itself for ten minutes, as long as the session may. */
  create_link: { method: 'POST'; path: '/api/v1/links'; payload: CreateLink; answer: SignedLink };
  /** What of tus 1.0 is spoken: version, extensions, checksum algorithms, largest upload. */
  upload_options: { method: 'OPTIONS'; path: '/api/v1/uploads'; payload: Empty; answer: Empty };
  /** Begin an upload (tus creation): Upload-Length, Upload-Metadata with `filename`, `purpose`, `groupId`. */
  create_upload: { method: 'POST'; path: '/api/v1/uploads'; payload: Empty; answer: Empty };
  /** How far an upload has come: Upload-Offset. */
  look_upload: { method: 'HEAD'; path: '/api/v1/uploads/:id'; payload: Empty; answer: Empty };
  /** The next bytes of an upload, from Upload-Offset on. With the last ones a picture (purpose `avatar`) is judged: of more than PICTURE_PIXELS_MAX pixels it is too_large, when its size cannot be read bad_request, and the upload is forgotten. */
  append_upload: { method: 'PATCH'; path: '/api/v1/uploads/:id'; payload: Empty; answer: Empty };
  /** Give an upload up (tus termination). */
  delete_upload: { method: 'DELETE'; path: '/api/v1/uploads/:id'; payload: Empty; answer: Empty };
  /** The bytes of a group's file. */
  get_file: { method: 'GET'; path: '/api/v1/files/:id'; payload: Empty; answer: Empty };
  /** The audio of a track. */
  get_audio: { method: 'GET'; path: '/api/v1/tracks/:id/audio'; payload: Empty; answer: Empty };
  /** The picture of a track. */
  get_cover: { method: 'GET'; path: '/api/v1/tracks/:id/cover'; payload: Empty; answer: Empty };
  /** The picture of a user. */
  get_avatar: { method: 'GET'; path: '/api/v1/users/:id/avatar'; payload: Empty; answer: Empty };
  /** The process answers. */
  healthz: { method: 'GET'; path: '/healthz'; payload: Empty; answer: Empty };
  /** The store can be written to. */
  readyz: { method: 'GET'; path: '/readyz'; payload: Empty; answer: Empty };
  /** Counters, in Prometheus' text format. */
  metrics: { method: 'GET'; path: '/metrics'; payload: Empty; answer: Empty };
  /** Every event, as an AsyncAPI 3 document. */
  asyncapi: { method: 'GET'; path: '/asyncapi.json'; payload: Empty; answer: Empty };
  /** This table, as an OpenAPI 3.1 document. */
  openapi: { method: 'GET'; path: '/openapi.json'; payload: Empty; answer: Empty };
  /** The web application's page. */
  web_page: { method: 'GET'; path: '/'; payload: Empty; answer: Empty };
  /** A file of the web application that never changes: its name holds a hash. */
  web_asset: { method: 'GET'; path: '/assets/:id'; payload: Empty; answer: Empty };
  /** Another file of the web application: manifest, service worker, icons. */
  web_file: { method: 'GET'; path: '/:id'; payload: Empty; answer: Empty };
}
