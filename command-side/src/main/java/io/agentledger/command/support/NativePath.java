package io.agentledger.command.support;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Name of a file as system calls read it: any bytes, because names need not be valid text. */
public final class NativePath {
  private NativePath() {}

  /** Returns the name of an absolute path, with a final zero. */
  public static MemorySegment allocate(Arena arena, Path path) {
    return arena.allocateFrom(bytes(path), StandardCharsets.ISO_8859_1);
  }

  /** Returns the name of an absolute path with one character for each byte. */
  static String bytes(Path path) {
    String encoded = path.toUri().getRawPath().replace("+", "%2B").replaceFirst("(?<=.)/$", "");
    return URLDecoder.decode(encoded, StandardCharsets.ISO_8859_1);
  }
}
