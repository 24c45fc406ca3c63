// SPDX-License-Identifier: MIT
//
// TrackFields - what one writes of a track: when it is published, and when it is changed.
import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n/i18n';
import { hasFewPixels } from '../lib/pictureSize';
import {
  MAX_PUBLISH_TRACK_ALBUM,
  MAX_PUBLISH_TRACK_ARTIST,
  MAX_PUBLISH_TRACK_GENRE,
  MAX_PUBLISH_TRACK_TITLE,
  PICTURE_MAX,
  PICTURE_PIXELS_MAX,
  type Track,
} from '../lib/protocol';
import { Button } from '../ui/Button';
import { Cover } from '../ui/Cover';
import { Field } from '../ui/Field';
import { FileButton } from '../ui/FileButton';
import { type Draft, problemsOf } from './draft';
import css from './TrackFields.module.css';

/** Whether the server takes it, as far as that can be told here; it may come from the tags of somebody's file. */
async function isFit(picture: Blob): Promise<boolean> {
  return picture.size <= PICTURE_MAX && hasFewPixels(await picture.arrayBuffer());
}

interface Preview {
  address: string | null;
  isBad: boolean;
}

const NONE: Preview = { address: null, isBad: false };

function usePreview(picture: Blob | null | undefined): Preview {
  const [preview, setPreview] = useState(NONE);
  useEffect(() => {
    let isWanted = true;
    let address: string | null = null;
    const take = (fits: boolean) => {
      if (!picture || !isWanted) return;
      if (fits) address = URL.createObjectURL(picture);
      setPreview({ address, isBad: !fits });
    };
    setPreview(NONE);
    if (picture) isFit(picture).then(take, () => take(false));
    return () => {
      isWanted = false;
      if (address !== null) URL.revokeObjectURL(address);
    };
  }, [picture]);
  return preview;
}

function CoverField({
  draft,
  track,
  onCover,
}: {
  draft: Draft;
  track: Pick<Track, 'id' | 'coverUrl'>;
  onCover: (cover: Blob | null) => void;
}) {
  const words = t().music;
  const preview = usePreview(draft.cover);
  const shown = draft.cover === undefined ? track.coverUrl : preview.address;
  return (
    <div class={css.cover}>
      <Cover track={{ id: track.id, coverUrl: shown }} size="full" />
      <FileButton class={css.choose} accept="image/*" onFiles={([file]) => file && onCover(file)}>
        {words.chooseCover}
      </FileButton>
      {(shown !== null || preview.isBad) && (
        <Button kind="quiet" onClick={() => onCover(null)}>
          {words.noCover}
        </Button>
      )}
      <p role="alert" class="problem">
        {preview.isBad ? words.badCover(PICTURE_MAX / 2 ** 20, PICTURE_PIXELS_MAX / 1e6) : null}
      </p>
    </div>
  );
}

export function TrackFields({
  draft,
  track,
  onChange,
  isTried,
}: {
  draft: Draft;
  track: Pick<Track, 'id' | 'coverUrl'>;
  onChange: (fields: Partial<Draft>) => void;
  /** True once one has tried to send it: what is missing is said then, and not before. */
  isTried: boolean;
}) {
  const words = t().music;
  const problems = isTried ? problemsOf(draft) : {};
  const say = (field: keyof typeof problems) => {
    const problem = problems[field];
    return problem ? words.problems[problem] : null;
  };
  return (
    <div class={css.fields}>
      <CoverField draft={draft} track={track} onCover={(cover) => onChange({ cover })} />
      <div class={css.texts}>
        <Field
          label={words.fields.title}
          required
          maxLength={MAX_PUBLISH_TRACK_TITLE}
          problem={say('title')}
          value={draft.title}
          onValue={(title) => onChange({ title })}
        />
        <Field
          label={words.fields.artist}
          maxLength={MAX_PUBLISH_TRACK_ARTIST}
          value={draft.artist}
          onValue={(artist) => onChange({ artist })}
        />
        <Field
          label={words.fields.album}
          maxLength={MAX_PUBLISH_TRACK_ALBUM}
          value={draft.album}
          onValue={(album) => onChange({ album })}
        />
        <div class={css.pair}>
          <Field
            label={words.fields.genre}
            maxLength={MAX_PUBLISH_TRACK_GENRE}
            value={draft.genre}
            onValue={(genre) => onChange({ genre })}
          />
          <Field
            label={words.fields.year}
            inputMode="numeric"
            maxLength={4}
            problem={say('year')}
            value={draft.year}
            onValue={(year) => onChange({ year })}
          />
        </div>
        <Field
          label={words.fields.tags}
          hint={words.tagsHint}
          problem={say('tags')}
          value={draft.tags}
          onValue={(tags) => onChange({ tags })}
        />
      </div>
    </div>
  );
}
