package io.agentledger.gateway.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** All encodings of one secret that are searched for: plain, base64 and hex. */
record SecretEncodings(String endpoint, List<String> shapes) {
  static SecretEncodings encode(String endpoint, String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    String hex = HexFormat.of().formatHex(bytes);
    return new SecretEncodings(
        endpoint,
        Stream.concat(
                Stream.of(secret, hex, hex.toUpperCase(Locale.ROOT)),
                IntStream.range(0, 3).boxed().flatMap(offset -> base64(bytes, offset)))
            .toList());
  }

  /** Returns the base64 text of the secret at any position in a longer text, without its ends. */
  private static Stream<String> base64(byte[] bytes, int offset) {
    byte[] shifted = new byte[offset + bytes.length];
    System.arraycopy(bytes, 0, shifted, offset, bytes.length);
    return Stream.of(Base64.getEncoder(), Base64.getUrlEncoder())
        .map(encoder -> encoder.withoutPadding().encodeToString(shifted))
        .map(text -> text.substring(offset == 0 ? 0 : offset + 1, text.length() - 2));
  }

  /** Returns the finding, without the secret. */
  Optional<String> findIn(String where, String haystack) {
    return shapes.stream().anyMatch(haystack::contains)
        ? Optional.of("the secret of \"" + endpoint + "\" in " + where)
        : Optional.empty();
  }

  /** Searches the bytes of a file; a deleted file contains nothing. */
  Optional<String> findIn(Path file) {
    try {
      return findIn(
          file.toString(), new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException exception) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
