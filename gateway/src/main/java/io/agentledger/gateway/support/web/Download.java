package io.agentledger.gateway.support.web;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRange;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import reactor.core.publisher.Flux;

/**
 * File of untrusted content, which a browser saves and never executes. The type is never guessed:
 * every response has {@code X-Content-Type-Options}.
 *
 * @param etag without quotes
 */
public record Download(byte[] bytes, String mediaType, String fileName, String etag) {
  /** Keeps a browser that shows the file from executing anything. */
  public static final String CONTENT_SECURITY_POLICY =
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

  private static final Pattern CONTROL_CHARACTER = Pattern.compile("\\p{Cntrl}");
  private static final int PART_BYTES = 64 * 1024;

  /**
   * Returns the file, or the range of it that the request asks for.
   *
   * @param range value of Range
   * @param ifRange value of If-Range
   * @throws RangeNotSatisfiableException if the file ends before the range
   */
  public ResponseEntity<byte[]> toResponse(@Nullable String range, @Nullable String ifRange) {
    var requested = ByteRanges.parse(range, ifRange, quotedEtag());
    return requested == null ? response(HttpStatus.OK).body(bytes) : toResponse(requested);
  }

  private ResponseEntity<byte[]> toResponse(HttpRange range) {
    int size = bytes.length;
    long from = range.getRangeStart(size);
    if (from >= size) throw new RangeNotSatisfiableException(size);
    int end = (int) range.getRangeEnd(size);
    return response(HttpStatus.PARTIAL_CONTENT)
        .header(HttpHeaders.CONTENT_RANGE, "bytes " + from + "-" + end + "/" + size)
        .body(Arrays.copyOfRange(bytes, (int) from, end + 1));
  }

  private ResponseEntity.BodyBuilder response(HttpStatus status) {
    return ResponseEntity.status(status)
        .contentType(MediaType.parseMediaType(mediaType))
        .eTag(quotedEtag())
        .cacheControl(CacheControl.noStore())
        .header(HttpHeaders.ACCEPT_RANGES, "bytes")
        .header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .header(HttpHeaders.CONTENT_DISPOSITION, disposition(fileName));
  }

  /**
   * Returns the value of Content-Disposition of a file, in whose name control characters, which no
   * header can have, are replaced.
   */
  public static String disposition(String fileName) {
    var name = CONTROL_CHARACTER.matcher(fileName).replaceAll("_");
    boolean isAscii = StandardCharsets.US_ASCII.newEncoder().canEncode(name);
    var charset = isAscii ? StandardCharsets.US_ASCII : StandardCharsets.UTF_8;
    return ContentDisposition.attachment().filename(name, charset).build().toString();
  }

  /** Returns the file in parts, for protocols with a limit of the size of a message. */
  public Flux<byte[]> toParts() {
    return Flux.range(0, Math.ceilDiv(bytes.length, PART_BYTES))
        .map(
            part ->
                Arrays.copyOfRange(
                    bytes, part * PART_BYTES, Math.min((part + 1) * PART_BYTES, bytes.length)));
  }

  private String quotedEtag() {
    return "\"" + etag + "\"";
  }

  @Override
  public String toString() {
    return "Download[" + mediaType + ", " + bytes.length + " bytes]";
  }
}
