package io.agentledger.gateway.session;

import io.agentledger.gateway.support.Invalid;
import jakarta.validation.constraints.NotNull;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the session's folder shall hold when it opens.
 *
 * @param path of a folder of the service's machine, absolute; with {@code copy} only
 */
record WorkspaceWish(@NotNull(message = "must be copy or empty") Kind kind, @Nullable String path) {
  static final WorkspaceWish EMPTY = new WorkspaceWish(Kind.EMPTY, null);

  /** Where its first files come from. */
  enum Kind {
    COPY,
    EMPTY
  }

  Path folder() {
    if (path == null) throw Invalid.body("/workspace/path", "must be given with copy");
    try {
      var folder = Path.of(path);
      if (folder.isAbsolute()) return folder;
    } catch (InvalidPathException refused) {
      // It is no path at all: the same rule is broken.
    }
    throw Invalid.body("/workspace/path", "must be an absolute path");
  }

  void refusePathWithoutCopy() {
    if (path != null) throw Invalid.body("/workspace/path", "must be given with copy only");
  }
}
