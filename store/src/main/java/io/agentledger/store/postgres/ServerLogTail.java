package io.agentledger.store.postgres;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Last lines of a server's log, for error messages. */
final class ServerLogTail {
  private static final int BYTES = 4096;

  private ServerLogTail() {}

  static String read(Path log) {
    try (var file = new RandomAccessFile(log.toFile(), "r")) {
      long from = Math.max(0, file.length() - BYTES);
      byte[] end = new byte[(int) (file.length() - from)];
      file.seek(from);
      file.readFully(end);
      return log + ":\n" + new String(end, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return log + " cannot be read: " + e.getMessage();
    }
  }
}
