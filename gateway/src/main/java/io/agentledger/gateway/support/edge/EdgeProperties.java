package io.agentledger.gateway.support.edge;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the network edge: origins, hosts, sizes and timeouts.
 *
 * @param allowedOrigins origins of other sites whose pages may send requests, {@code
 *     https://ledger.example}; none by default
 * @param allowedHosts host names that a service on loopback accepts in addition to those of
 *     loopback, for a proxy on the same machine: {@code ledger.example}; none by default
 * @param headerTimeout [10ms..5m] from the first byte of a connection or a request to the end of
 *     its headers
 * @param bodyTimeout [10ms..1h] from there to the end of its body; it begins again if at least 32
 *     KiB per second of it have arrived
 * @param responseTimeout [10ms..1h] for a client to read a response that is not a stream; it begins
 *     again if a part of it was sent meanwhile, or nothing waits for the client
 * @param connectionCountMax [1..1000000] concurrent connections of all protocols; at most three
 *     quarters of the file descriptors of the process
 * @param connectionCountPerSourceMax [1..1000000] concurrent connections of one address; those of
 *     this machine are not counted
 */
@Validated
@ConfigurationProperties("agentledger.edge")
public record EdgeProperties(
    @DefaultValue List<String> allowedOrigins,
    @DefaultValue List<String> allowedHosts,
    @DefaultValue("20s") @DurationMin(millis = 10) @DurationMax(minutes = 5) Duration headerTimeout,
    @DefaultValue("60s") @DurationMin(millis = 10) @DurationMax(hours = 1) Duration bodyTimeout,
    @DefaultValue("60s") @DurationMin(millis = 10) @DurationMax(hours = 1) Duration responseTimeout,
    @DefaultValue("10000") @Min(1) @Max(1_000_000) int connectionCountMax,
    @DefaultValue("500") @Min(1) @Max(1_000_000) int connectionCountPerSourceMax) {
  public EdgeProperties {
    allowedOrigins = allowedOrigins.stream().map(WebOrigin::of).map(WebOrigin::toString).toList();
    allowedHosts = allowedHosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
  }
}
