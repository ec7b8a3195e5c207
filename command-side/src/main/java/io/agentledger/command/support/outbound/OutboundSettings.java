package io.agentledger.command.support.outbound;

import io.agentledger.api.shared.OrderedCopy;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of outbound requests on behalf of users: permitted destinations and limits.
 *
 * @param ports permitted ports; 80 and 443
 * @param allowedNetworks permitted ranges that are not public, such as {@code 10.1.0.0/16}; none by
 *     default. Cloud metadata services stay forbidden
 * @param allowedHosts names, or with a leading dot all names below, whose addresses may lie in
 *     private networks, {@code git.corp.example} or {@code .corp.example}; none
 * @param lookupTimeout [10ms..30s] timeout of a name lookup
 * @param connectTimeout [10ms..60s] timeout of a connection
 * @param requestTimeout [10ms..10m] timeout of a request, redirects included
 * @param responseBytesMax [0..64MB] maximum size of a response body
 * @param redirectCountMax [0..10] maximum number of redirects, on one host only
 */
@Validated
@ConfigurationProperties("agentledger.outbound")
public record OutboundSettings(
    @DefaultValue({"80", "443"}) Set<@NotNull @Min(1) @Max(65_535) Integer> ports,
    @DefaultValue List<String> allowedNetworks,
    @DefaultValue List<String> allowedHosts,
    @DefaultValue("5s") @DurationMin(millis = 10) @DurationMax(seconds = 30) Duration lookupTimeout,
    @DefaultValue("5s") @DurationMin(millis = 10) @DurationMax(seconds = 60)
        Duration connectTimeout,
    @DefaultValue("30s") @DurationMin(millis = 10) @DurationMax(minutes = 10)
        Duration requestTimeout,
    @DefaultValue("1MB") DataSize responseBytesMax,
    @DefaultValue("3") @Min(0) @Max(10) int redirectCountMax) {
  private static final DataSize ANSWER_BYTES_MAX = DataSize.ofMegabytes(64);

  public OutboundSettings {
    ports = OrderedCopy.of(ports);
    allowedNetworks = List.copyOf(allowedNetworks);
    allowedNetworks.forEach(Cidr::of); // An invalid range fails at start-up.
    allowedHosts = List.copyOf(allowedHosts);
    if (responseBytesMax.isNegative() || responseBytesMax.compareTo(ANSWER_BYTES_MAX) > 0)
      throw new IllegalArgumentException(
          "agentledger.outbound.response-bytes-max must be 0B to 64MB");
  }

  List<Cidr> networks() {
    return allowedNetworks.stream().map(Cidr::of).toList();
  }
}
