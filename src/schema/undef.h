/* SPDX-License-Identifier: MIT
 *
 * undef - forgets the row macros of payloads.def; every expansion of it ends by including this.
 * It has no include guard on purpose.
 *
 * Layer: schema.  Threads: any.
 */
#undef PAYLOAD
#undef EMPTY
#undef BARE_UUID
#undef BARE_LIST
#undef END
#undef UUID
#undef STRING
#undef LINE
#undef PROSE
#undef INTEGER
#undef NUMBER
#undef BOOLEAN
#undef BOOLEAN_NAMED
#undef DATE
#undef WORD_OF
#undef BYTES
#undef ANY
#undef OBJECT
#undef UUIDS
#undef STRINGS
#undef LINES
#undef LIST
