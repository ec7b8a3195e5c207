package io.agentledger.command.flow.provider;

import io.agentledger.command.support.outbound.OutboundHttpClient;
import io.agentledger.command.support.outbound.OutboundRefusedException;
import io.agentledger.command.support.outbound.OutboundRefusedException.Rule;
import io.agentledger.command.support.outbound.OutboundRequest;
import io.agentledger.command.support.outbound.OutboundResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.unit.DataSize;

/**
 * Requests to providers' APIs through the guarded client. Failures of the network, limits of
 * requests and a refused credential become exceptions; other responses are returned.
 */
final class ProviderRequests {
  /** A page of 30 comments of the greatest length fits, also if all characters are escaped. */
  static final int PAGE_SIZE = 30;

  private static final Logger log = LoggerFactory.getLogger(ProviderRequests.class);
  private static final DataSize RESPONSE_BYTES_MAX = DataSize.ofMegabytes(16);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration WAIT_MAX = Duration.ofDays(1);

  /** Wait after a secondary limit without a stated time, as GitHub documents it. */
  private static final Duration SECONDARY_LIMIT_WAIT = Duration.ofMinutes(1);

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int TIMED_OUT = 408;
  private static final int TOO_MANY = 429;
  private static final int FAULT = 500;

  /** Requests of one call: 100 pages of a list, and what belongs to it. */
  private static final int REQUESTS_MAX = 110;

  /** Time for one call, which no request may begin after. */
  private static final Duration CALL_TIME_MAX = Duration.ofMinutes(10);

  private final OutboundHttpClient outbound;
  private final Clock clock;
  private final AtomicInteger remaining;
  private final long endNanos;

  private ProviderRequests(
      OutboundHttpClient outbound, Clock clock, int requestsMax, Duration timeMax) {
    this.outbound = outbound;
    this.clock = clock;
    this.remaining = new AtomicInteger(requestsMax);
    this.endNanos = System.nanoTime() + timeMax.toNanos();
  }

  /** Creates requests of which {@link #ofOneCall} are made. */
  ProviderRequests(OutboundHttpClient outbound, Clock clock) {
    this(outbound, clock, REQUESTS_MAX, CALL_TIME_MAX);
  }

  /** Returns the requests of one call, whose number and time are limited from now on. */
  ProviderRequests ofOneCall() {
    return new ProviderRequests(outbound, clock, REQUESTS_MAX, CALL_TIME_MAX);
  }

  OutboundResponse send(OutboundRequest request) {
    if (remaining.getAndDecrement() <= 0)
      throw new ProviderRefusedException("The provider's list has more than 100 pages.");
    if (System.nanoTime() - endNanos > 0)
      throw new ProviderUnavailableException(
          "The provider's responses take too long.", Duration.ZERO);
    var response = exchange(request);
    int status = response.status();
    if (status == UNAUTHORIZED)
      throw new ProviderRefusedException(
          "The provider refuses the credential: it is invalid, expired or revoked.");
    if (status == TOO_MANY || status == FORBIDDEN && isLimited(response))
      throw new ProviderUnavailableException(
          "The provider limits requests (HTTP " + status + ").", limitWait(response));
    if (status == TIMED_OUT || status >= FAULT)
      throw new ProviderUnavailableException(
          "The provider does not serve requests now (HTTP " + status + ").",
          statedWait(response).orElse(Duration.ZERO));
    return response;
  }

  private OutboundResponse exchange(OutboundRequest request) {
    try {
      return outbound.send(request, TIMEOUT, RESPONSE_BYTES_MAX).blockOptional().orElseThrow();
    } catch (OutboundRefusedException e) {
      if (e.rule() == Rule.TIME || e.rule() == Rule.NAME)
        throw new ProviderUnavailableException(
            "The provider's API cannot be reached: it " + e.rule().description() + ".",
            Duration.ZERO);
      throw new ProviderRefusedException("The url of the provider's API " + e.advice() + ".");
    } catch (RuntimeException e) { // Failures of the network have many types.
      log.atInfo()
          .addKeyValue("cause", e.getClass().getName())
          .log("a provider could not be reached");
      throw new ProviderUnavailableException(
          "The connection to the provider's API failed.", Duration.ZERO);
    }
  }

  /**
   * Returns whether GitHub refuses because of a primary or secondary limit, not of a permission.
   */
  private static boolean isLimited(OutboundResponse response) {
    return response.header("retry-after").isPresent()
        || response.header("x-ratelimit-remaining").filter("0"::equals).isPresent()
        || new String(response.body(), StandardCharsets.UTF_8)
            .toLowerCase(Locale.ROOT)
            .contains("secondary rate limit");
  }

  private Duration limitWait(OutboundResponse response) {
    return statedWait(response).or(() -> resetWait(response)).orElse(SECONDARY_LIMIT_WAIT);
  }

  /** Returns the wait of {@code Retry-After}, in seconds or as a date. */
  private Optional<Duration> statedWait(OutboundResponse response) {
    return response
        .header("retry-after")
        .flatMap(
            value ->
                value.matches("[0-9]{1,9}")
                    ? Optional.of(bounded(Duration.ofSeconds(Long.parseLong(value))))
                    : untilDate(value, DateTimeFormatter.RFC_1123_DATE_TIME));
  }

  /** Returns the wait until the limit is reset, as GitHub, Sentry and Jira state it. */
  private Optional<Duration> resetWait(OutboundResponse response) {
    for (var name : List.of("x-ratelimit-reset", "x-sentry-rate-limit-reset")) {
      var reset = response.header(name);
      if (reset.isEmpty()) continue;
      return reset.get().matches("[0-9]{1,11}")
          ? Optional.of(until(Instant.ofEpochSecond(Long.parseLong(reset.get()))))
          : untilDate(reset.get(), DateTimeFormatter.ISO_OFFSET_DATE_TIME);
    }
    return Optional.empty();
  }

  private Optional<Duration> untilDate(String text, DateTimeFormatter format) {
    try {
      return Optional.of(until(Instant.from(format.parse(text))));
    } catch (DateTimeException e) {
      return Optional.empty(); // As if the provider stated nothing.
    }
  }

  private Duration until(Instant time) {
    return bounded(Duration.between(clock.instant(), time));
  }

  private static Duration bounded(Duration wait) {
    if (wait.compareTo(Duration.ofSeconds(1)) < 0) return Duration.ofSeconds(1);
    return wait.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : wait;
  }

  /** Returns the refusal for a status that the service does not expect. */
  static ProviderRefusedException refusal(int status) {
    return new ProviderRefusedException(
        switch (status) {
          case 403 ->
              "The provider refuses the request (HTTP 403): the credential lacks a permission.";
          case 404, 410 ->
              "The provider has no such item (HTTP "
                  + status
                  + "), or the credential may not see it.";
          case 422 ->
              "The provider refuses the request as invalid (HTTP 422): the item may be locked, or a"
                  + " branch may be missing or without changes.";
          default -> "The provider refuses the request (HTTP " + status + ").";
        });
  }
}
