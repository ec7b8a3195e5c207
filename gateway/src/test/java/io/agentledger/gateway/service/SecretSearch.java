package io.agentledger.gateway.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Search for many secrets in all encodings at once: files of a database are large, and each is read
 * once. An encoding has at least two bytes.
 */
final class SecretSearch {
  private record Shape(String endpoint, byte[] bytes) {}

  private final boolean[] begins = new boolean[1 << 16];
  private final Map<Integer, List<Shape>> shapes = new HashMap<>();

  SecretSearch(List<SecretEncodings> secrets) {
    for (var secret : secrets)
      for (String text : secret.shapes()) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int pair = pair(bytes, 0);
        begins[pair] = true;
        shapes.merge(
            pair,
            List.of(new Shape(secret.endpoint(), bytes)),
            (some, more) -> Stream.concat(some.stream(), more.stream()).toList());
      }
  }

  private static int pair(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }

  /** Returns the findings, without the secrets; a deleted file contains nothing. */
  List<String> findIn(Path file) {
    try {
      return endpointsIn(Files.readAllBytes(file)).stream()
          .map(endpoint -> "the secret of \"" + endpoint + "\" in " + file)
          .toList();
    } catch (NoSuchFileException exception) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TreeSet<String> endpointsIn(byte[] haystack) {
    var found = new TreeSet<String>();
    for (int at = 0; at + 1 < haystack.length; at++)
      if (begins[pair(haystack, at)])
        for (var shape : shapes.getOrDefault(pair(haystack, at), List.of()))
          if (startsAt(haystack, at, shape.bytes())) found.add(shape.endpoint());
    return found;
  }

  private static boolean startsAt(byte[] haystack, int at, byte[] bytes) {
    int end = at + bytes.length;
    return end <= haystack.length && Arrays.equals(haystack, at, end, bytes, 0, bytes.length);
  }
}
