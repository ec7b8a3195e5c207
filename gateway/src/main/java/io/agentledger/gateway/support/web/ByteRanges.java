package io.agentledger.gateway.support.web;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpRange;

/** Ranges of bytes that requests ask for, as in RFC 9110, 14. */
public final class ByteRanges {
  /** A position beyond every content, which RFC 9110 does not limit, but {@link HttpRange} does. */
  private static final Pattern BEYOND = Pattern.compile("[0-9]{19,}");

  private ByteRanges() {}

  /**
   * Returns the requested range; null for the whole content: without a range, if the content is not
   * the one that the client has a part of, and for what RFC 9110 permits to ignore, several and
   * invalid ranges.
   *
   * @param header value of Range
   * @param ifRange value of If-Range
   * @param etag that of the content, quoted
   */
  public static @Nullable HttpRange parse(
      @Nullable String header, @Nullable String ifRange, String etag) {
    if (ifRange != null && !ifRange.equals(etag)) return null;
    if (header == null) return null;
    try {
      var limited = BEYOND.matcher(header).replaceAll(String.valueOf(Long.MAX_VALUE));
      var ranges = HttpRange.parseRanges(limited);
      return ranges.size() == 1 ? ranges.getFirst() : null;
    } catch (IllegalArgumentException exception) {
      return null;
    }
  }
}
