package io.agentledger.api.workspace;

import org.jspecify.annotations.Nullable;

/** Condition on the file at a path that must hold for its change (RFC 9110, 13.1). */
public sealed interface FileCondition {
  FileCondition NONE = new None();
  FileCondition EXISTS = new Exists();
  FileCondition ABSENT = new Absent();

  /** Returns the condition for an entity tag; {@code NONE} without one. */
  static FileCondition ofEtag(@Nullable String etag) {
    return etag == null ? NONE : new Unchanged(etag);
  }

  /** The change is made in any case. */
  record None() implements FileCondition {}

  /** There is a file, of any content. */
  record Exists() implements FileCondition {}

  /** There is a file with the entity tag. */
  record Unchanged(String etag) implements FileCondition {}

  /** There is nothing: no file, no directory and no link. */
  record Absent() implements FileCondition {}
}
