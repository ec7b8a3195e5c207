package io.agentledger.query.support;

import io.agentledger.store.DurableFiles;
import io.agentledger.store.NodeHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * Secret with which cursors are authenticated: 32 bytes in the file {@code cursor.key} of the home
 * directory.
 */
public final class CursorKey {
  private static final int BYTES = 32;

  private CursorKey() {}

  /**
   * Loads the secret, or creates it. A home directory has one service at a time, so there are no
   * concurrent writers.
   */
  public static byte[] loadOrCreate(NodeHome home) {
    Path file = home.keys().resolve("cursor.key");
    try {
      if (!Files.exists(file)) {
        var secret = new byte[BYTES];
        new SecureRandom().nextBytes(secret);
        DurableFiles.write(file, secret);
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + file, e);
    }
  }
}
