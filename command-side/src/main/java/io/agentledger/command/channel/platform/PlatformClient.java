package io.agentledger.command.channel.platform;

import io.agentledger.command.channel.platform.MediaResult.Fetched;
import io.agentledger.command.channel.platform.MediaResult.Refused;
import io.agentledger.command.channel.platform.SendResult.OutcomeUnknown;
import io.agentledger.command.channel.platform.SendResult.RateLimited;
import io.agentledger.command.channel.platform.SendResult.Rejected;
import io.agentledger.command.channel.platform.SendResult.Unavailable;
import io.agentledger.command.support.outbound.OutboundFailures;
import io.agentledger.command.support.outbound.OutboundHttpClient;
import io.agentledger.command.support.outbound.OutboundRefusedException;
import io.agentledger.command.support.outbound.OutboundRequest;
import io.agentledger.command.support.outbound.OutboundResponse;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLHandshakeException;
import org.springframework.util.unit.DataSize;
import reactor.core.Exceptions;
import tools.jackson.databind.JsonNode;

/**
 * Requests to platforms' APIs through the guarded client. It follows no redirects with credentials,
 * repeats nothing, and tells failures before a request was sent from those after. Thread-safe.
 */
public final class PlatformClient {
  private static final DataSize RESPONSE_BYTES_MAX = DataSize.ofMegabytes(1);
  private static final Duration RETRY_AFTER_MAX = Duration.ofDays(1);
  private static final Duration RETRY_AFTER_DEFAULT = Duration.ofSeconds(5);
  private static final int OK = 200;
  private static final int REDIRECT = 300;
  private static final int BAD_REQUEST = 400;
  private static final int TOO_LARGE = 413;
  private static final int TOO_MANY = 429;
  private static final int FAULT = 500;
  private static final int NOT_SERVING = 503;

  private final OutboundHttpClient outbound;
  private final Duration timeout;
  private final Duration mediaTimeout;

  /**
   * @param timeout of a request to an API
   * @param mediaTimeout of a request for media
   */
  public PlatformClient(OutboundHttpClient outbound, Duration timeout, Duration mediaTimeout) {
    this.outbound = outbound;
    this.timeout = timeout;
    this.mediaTimeout = mediaTimeout;
  }

  /** Result of a request: a response of any status, or the reason why there is none. */
  public sealed interface Exchange {
    record Response(OutboundResponse response) implements Exchange {}

    /** The request was not sent, and is not going to be sent with this URL. */
    record Forbidden(String reason) implements Exchange {}

    /** The request was not sent. */
    record NotSent(String reason) implements Exchange {}

    /** The request may have been sent. */
    record Unknown(String reason) implements Exchange {}

    /** The request was sent, and its response exceeds the size limit. */
    record TooLarge() implements Exchange {
      String reason() {
        return "The platform's response exceeds the size limit.";
      }
    }
  }

  public Exchange exchange(OutboundRequest request) {
    return exchange(request, timeout, RESPONSE_BYTES_MAX);
  }

  private Exchange exchange(OutboundRequest request, Duration time, DataSize bytesMax) {
    try {
      return new Exchange.Response(
          outbound.sendWithoutRedirects(request, time, bytesMax).blockOptional().orElseThrow());
    } catch (RuntimeException e) { // Failures of the network have many types.
      return failure(Exceptions.unwrap(e));
    }
  }

  private static Exchange failure(Throwable cause) {
    if (cause instanceof OutboundRefusedException refused)
      return switch (refused.rule()) {
        case TIME -> new Exchange.Unknown("The platform did not respond in time.");
        case SIZE -> new Exchange.TooLarge();
        case NAME -> new Exchange.NotSent("The name of the platform's host cannot be resolved.");
        default -> new Exchange.Forbidden("The URL of the platform " + refused.advice() + ".");
      };
    var reason = "The platform failed: " + OutboundFailures.describe(cause) + ".";
    boolean isUnsent =
        cause instanceof ConnectException // Also a timeout of the connection.
            || cause instanceof NoRouteToHostException
            || cause instanceof UnknownHostException
            || cause instanceof SSLHandshakeException;
    return isUnsent ? new Exchange.NotSent(reason) : new Exchange.Unknown(reason);
  }

  /**
   * Sends a part. Statuses 429, 503 and others from 500 are handled unless the platform knows them
   * better.
   *
   * @param reader returns the result that the response states; empty for the default of its status
   */
  public SendResult send(
      OutboundRequest request, Function<OutboundResponse, Optional<SendResult>> reader) {
    return switch (exchange(request)) {
      case Exchange.Forbidden forbidden -> new Rejected(forbidden.reason());
      case Exchange.NotSent notSent -> new Unavailable(notSent.reason());
      case Exchange.Unknown unknown -> new OutcomeUnknown(unknown.reason());
      case Exchange.TooLarge large -> new OutcomeUnknown(large.reason());
      case Exchange.Response(var response) ->
          reader.apply(response).orElseGet(() -> ofStatus(response));
    };
  }

  private static SendResult ofStatus(OutboundResponse response) {
    int status = response.status();
    if (status == TOO_MANY) return new RateLimited(retryAfter(response));
    if (status == NOT_SERVING)
      return new Unavailable("The platform serves no requests now (HTTP 503).");
    if (status >= FAULT) return new OutcomeUnknown("The platform failed (HTTP " + status + ").");
    if (status >= REDIRECT)
      return new Rejected("The platform refuses the request (HTTP " + status + ").");
    return new OutcomeUnknown("The platform's response could not be read.");
  }

  /** Returns the result of a request that prepares a send, so nothing was sent. */
  public static SendResult beforeSending(SendResult result) {
    return result instanceof OutcomeUnknown(var reason) ? new Unavailable(reason) : result;
  }

  /** Returns the seconds of the header {@code Retry-After}; 5 s if there are none. */
  public static Duration retryAfter(OutboundResponse response) {
    return seconds(response.header("retry-after").orElse("")).orElse(RETRY_AFTER_DEFAULT);
  }

  /** Returns a wait of 1 s to 1 day; empty if the text is no number of seconds. */
  public static Optional<Duration> seconds(String text) {
    if (!text.matches("[0-9]{1,9}")) return Optional.empty();
    var wait = Duration.ofSeconds(Math.max(1, Long.parseLong(text)));
    return Optional.of(wait.compareTo(RETRY_AFTER_MAX) > 0 ? RETRY_AFTER_MAX : wait);
  }

  /** Tests a connection by a request with a JSON response. */
  public ConnectionTest test(OutboundRequest request, Function<JsonNode, ConnectionTest> reader) {
    return switch (exchange(request)) {
      case Exchange.Forbidden forbidden -> ConnectionTest.failed(forbidden.reason());
      case Exchange.NotSent notSent -> ConnectionTest.failed(notSent.reason());
      case Exchange.Unknown unknown -> ConnectionTest.failed(unknown.reason());
      case Exchange.TooLarge large -> ConnectionTest.failed(large.reason());
      case Exchange.Response(var response) when isSuccess(response) ->
          reader.apply(PlatformJson.read(response));
      case Exchange.Response(var response) ->
          ConnectionTest.failed(
              "The platform refuses the request (HTTP "
                  + response.status()
                  + "). Check the credentials.");
    };
  }

  public static boolean isSuccess(OutboundResponse response) {
    return response.status() >= OK && response.status() < REDIRECT;
  }

  /**
   * Fetches the bytes of media. One redirect is followed, without the request's headers.
   *
   * @param bytesMax maximum size
   */
  public MediaResult fetch(OutboundRequest request, MediaReference reference, long bytesMax) {
    var first = exchange(request, mediaTimeout, DataSize.ofBytes(bytesMax));
    if (first instanceof Exchange.Response(var response)
        && response.status() >= REDIRECT
        && response.status() < BAD_REQUEST) {
      var target = redirectTarget(request.url(), response.header("location").orElse(""));
      if (target.isEmpty())
        return new Refused("The platform redirects to an address that is not permitted.");
      first = exchange(OutboundRequest.get(target.get()), mediaTimeout, DataSize.ofBytes(bytesMax));
    }
    return switch (first) {
      case Exchange.Forbidden forbidden -> new Refused(forbidden.reason());
      case Exchange.NotSent notSent -> unavailable(notSent.reason());
      case Exchange.TooLarge _ ->
          new Refused("The file exceeds the limit of " + bytesMax + " bytes.");
      case Exchange.Unknown unknown -> unavailable(unknown.reason());
      case Exchange.Response(var response) -> content(response, reference);
    };
  }

  /** Returns the target if it does not leave encryption. */
  private static Optional<String> redirectTarget(String from, String location) {
    try {
      var target = URI.create(from).resolve(location);
      boolean isSafe =
          "https".equalsIgnoreCase(target.getScheme())
              || Objects.equals(target.getScheme(), URI.create(from).getScheme());
      return location.isEmpty() || !isSafe ? Optional.empty() : Optional.of(target.toString());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static MediaResult content(OutboundResponse response, MediaReference reference) {
    if (!isSuccess(response)) return missing(response);
    return MediaTypes.content(response.body(), reference)
        .<MediaResult>map(Fetched::new)
        .orElseGet(
            () ->
                new Refused(
                    "The file is not of the stated type "
                        + PlatformJson.line(reference.declaredType())
                        + "."));
  }

  /**
   * Looks up where media are, by a request with a JSON response.
   *
   * @param reader called with the body of a successful response
   */
  public MediaResult lookUp(OutboundRequest request, Function<JsonNode, MediaResult> reader) {
    return switch (exchange(request)) {
      case Exchange.Forbidden forbidden -> new Refused(forbidden.reason());
      case Exchange.NotSent notSent -> unavailable(notSent.reason());
      case Exchange.Unknown unknown -> unavailable(unknown.reason());
      case Exchange.TooLarge large -> unavailable(large.reason());
      case Exchange.Response(var response) when isSuccess(response) ->
          reader.apply(PlatformJson.read(response));
      case Exchange.Response(var response) -> missing(response);
    };
  }

  private static MediaResult missing(OutboundResponse response) {
    int status = response.status();
    if (status == TOO_MANY)
      return new MediaResult.Unavailable(
          "The platform limits requests (HTTP 429).", retryAfter(response));
    if (status >= FAULT) return unavailable("The platform failed (HTTP " + status + ").");
    if (status == TOO_LARGE) return new Refused("The platform refuses files of this size.");
    return new Refused("The platform does not have the file any more (HTTP " + status + ").");
  }

  private static MediaResult unavailable(String reason) {
    return new MediaResult.Unavailable(reason, Duration.ZERO);
  }

  /** Returns whether two URLs have the same scheme, host and port. */
  public static boolean hasSameOrigin(String url, String other) {
    try {
      return origin(URI.create(url)).equals(origin(URI.create(other)));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String origin(URI uri) {
    var scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
    return scheme + "://" + String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT) + ":" + port;
  }
}
