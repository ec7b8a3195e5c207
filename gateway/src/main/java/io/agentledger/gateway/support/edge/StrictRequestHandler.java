package io.agentledger.gateway.support.edge;

import io.agentledger.gateway.support.json.Utf8Text;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.AsciiString;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Rejects ambiguous requests: those that a proxy in front could interpret differently, whose end is
 * not clear, or that are addressed to another server. Closes the connection with the response,
 * because the beginning of the next request is unknown.
 */
@Component
@ChannelHandler.Sharable
final class StrictRequestHandler extends ChannelInboundHandlerAdapter {
  /** Headers of which components might use different ones. */
  private static final List<AsciiString> SINGLE_HEADERS =
      Stream.of(
              "Content-Type",
              "Authorization",
              "X-API-Key",
              "Idempotency-Key",
              "If-Match",
              "Last-Event-ID")
          .map(AsciiString::cached)
          .toList();

  private static final AttributeKey<Boolean> REJECTED = AttributeKey.valueOf("edge.rejected");
  static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
  private static final Pattern CHARSET =
      Pattern.compile(";\\s*charset\\s*=\\s*\"?([^\";\\s]*)", Pattern.CASE_INSENSITIVE);
  private static final Pattern RANGED =
      Pattern.compile(
          ".*/files/content|/api/v1/reports/[^/]*/download"
              + "|/api/v1/chats/[^/]*/messages/[^/]*/media/[^/]*");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:\\[\\]-]{0,255}");

  /**
   * Characters that are permitted unencoded in a target, including brackets, which many clients do
   * not encode.
   */
  private static final BitSet TARGET_CHARACTERS = new BitSet();

  static {
    TARGET_CHARACTERS.set('a', 'z' + 1);
    TARGET_CHARACTERS.set('A', 'Z' + 1);
    TARGET_CHARACTERS.set('0', '9' + 1);
    "-._~!$&'()*+,;=:@/?[]".chars().forEach(TARGET_CHARACTERS::set);
  }

  private final NettyProblemWriter problemWriter;

  StrictRequestHandler(NettyProblemWriter problemWriter) {
    this.problemWriter = problemWriter;
  }

  /** Violation of a rule by a request. */
  private record RequestViolation(HttpStatus status, String code, String detail) {
    static RequestViolation malformed(String detail) {
      return new RequestViolation(HttpStatus.BAD_REQUEST, "malformed_request", detail);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    var rejected = context.channel().attr(REJECTED);
    var violation = rejected.get() == null ? findViolation(message) : null;
    if (rejected.get() == null && violation == null) {
      if (message instanceof HttpRequest request) removeRangeHeader(request);
      context.fireChannelRead(message);
      return;
    }
    ReferenceCountUtil.release(message); // Also discards everything that follows.
    if (violation == null) return;
    rejected.set(true);
    problemWriter.write(context, violation.status(), violation.code(), violation.detail());
  }

  /**
   * Removes the Range header, which RFC 9110 permits, except from requests for files of workspaces,
   * reports and messages. For other resources Spring responds to several ranges or an invalid one
   * with the length of the whole file, and the next response would begin at the wrong place.
   */
  private static void removeRangeHeader(HttpRequest request) {
    if (!request.headers().contains(HttpHeaderNames.RANGE)) return;
    var path = request.uri().split("\\?", 2)[0];
    if (!RANGED.matcher(path).matches()) request.headers().remove(HttpHeaderNames.RANGE);
  }

  private static @Nullable RequestViolation findViolation(Object message) {
    if (message instanceof DecoderResultProvider decoderResult
        && decoderResult.decoderResult().isFailure())
      return toDecodingViolation(decoderResult.decoderResult().cause());
    return message instanceof HttpRequest request ? findViolation(request) : null;
  }

  private static RequestViolation toDecodingViolation(Throwable cause) {
    return switch (cause) {
      case TooLongHttpLineException exception ->
          new RequestViolation(
              HttpStatus.URI_TOO_LONG, "uri_too_long", "The first line is too long.");
      case TooLongHttpHeaderException exception ->
          new RequestViolation(
              HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
              "headers_too_large",
              "The headers are too large.");
      default -> RequestViolation.malformed("The request is not valid HTTP/1.1.");
    };
  }

  private static @Nullable RequestViolation findViolation(HttpRequest request) {
    var version = request.protocolVersion();
    if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0))
      return RequestViolation.malformed("Only HTTP/1.1 is supported.");
    if (!METHODS.contains(request.method().name()))
      return new RequestViolation(
          HttpStatus.METHOD_NOT_ALLOWED, "method_not_allowed", "The method is not supported.");
    if (!isPath(request.uri()))
      return RequestViolation.malformed(
          "The target must be a path, percent-encoded, without the character NUL.");
    if (!isUtf8(request.uri())) return RequestViolation.malformed("The target must be UTF-8.");
    return findHeaderViolation(request);
  }

  /**
   * Returns whether the target is a path in origin form (RFC 3986) that all implementations
   * interpret the same way.
   */
  private static boolean isPath(String target) {
    if (!target.startsWith("/")) return false;
    for (int i = 0; i < target.length(); i++) {
      char character = target.charAt(i);
      if (character == '%' ? !isEncoded(target, i) : !TARGET_CHARACTERS.get(character))
        return false;
    }
    return true;
  }

  private static boolean isEncoded(String target, int percent) {
    return percent + 2 < target.length()
        && !target.startsWith("%00", percent) // PostgreSQL cannot store it.
        && HexFormat.isHexDigit(target.charAt(percent + 1))
        && HexFormat.isHexDigit(target.charAt(percent + 2));
  }

  /**
   * Returns whether the percent-encoded text is valid UTF-8; implementations repair invalid text
   * differently.
   */
  private static boolean isUtf8(String target) {
    if (target.indexOf('%') < 0) return true;
    var bytes = new ByteArrayOutputStream(target.length());
    for (int i = 0; i < target.length(); i++) {
      if (target.charAt(i) != '%') {
        bytes.write(target.charAt(i));
      } else {
        bytes.write(HexFormat.fromHexDigits(target, i + 1, i + 3));
        i += 2;
      }
    }
    return Utf8Text.isValid(ByteBuffer.wrap(bytes.toByteArray()));
  }

  private static @Nullable RequestViolation findHeaderViolation(HttpRequest request) {
    var headers = request.headers();
    var hosts = headers.getAll(HttpHeaderNames.HOST);
    if (hosts.size() > 1 || hosts.isEmpty() && request.protocolVersion().minorVersion() > 0)
      return RequestViolation.malformed("There must be exactly one Host header.");
    if (!hosts.isEmpty() && !HOST.matcher(hosts.getFirst()).matches())
      return RequestViolation.malformed("Host must be a name and a port.");
    if (!hasOnly(request, HttpHeaderNames.TRANSFER_ENCODING, "chunked"))
      return RequestViolation.malformed("Transfer-Encoding must be chunked.");
    if (!hasOnly(request, HttpHeaderNames.EXPECT, "100-continue"))
      return new RequestViolation(
          HttpStatus.EXPECTATION_FAILED, "expectation_failed", "Expect must be 100-continue.");
    for (AsciiString single : SINGLE_HEADERS)
      if (headers.contains(single) && headers.getAll(single).size() > 1)
        return RequestViolation.malformed("There must be at most one " + single + " header.");
    var type = headers.get(HttpHeaderNames.CONTENT_TYPE);
    if (type != null && !namesNoOtherCharset(type))
      return new RequestViolation(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", "Text must be UTF-8.");
    if (!hasOnly(request, HttpHeaderNames.CONTENT_ENCODING, "identity"))
      return new RequestViolation(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          "unsupported_media_type",
          "The body must not be compressed.");
    return null;
  }

  private static boolean namesNoOtherCharset(String contentType) {
    return CHARSET
        .matcher(contentType)
        .results()
        .allMatch(charset -> charset.group(1).equalsIgnoreCase("utf-8"));
  }

  private static boolean hasOnly(HttpRequest request, CharSequence header, String value) {
    return !request.headers().contains(header)
        || request.headers().getAll(header).stream().allMatch(value::equalsIgnoreCase);
  }
}
