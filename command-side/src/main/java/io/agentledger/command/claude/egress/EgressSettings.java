package io.agentledger.command.claude.egress;

import io.agentledger.api.environment.HostPattern;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of network access for sessions whose environment has a network.
 *
 * @param enabled whether sessions can have network access at all
 * @param allowedHosts limits the hosts of every environment, as {@link HostPattern}s; empty: any
 *     host
 * @param deniedHosts hosts that are denied in every environment
 * @param allowedNetworks private ranges that are allowed, such as {@code 10.1.0.0/16}; default
 *     none. The metadata services of clouds are always denied
 * @param sentMax [1KB..1TB] per run
 * @param receivedMax [1KB..1TB] per run
 * @param connections [1..1024] concurrent connections of the commands of one session, and as many
 *     of its CLI
 * @param hostsMax [1..1000] different hosts per run; each is recorded
 * @param connectTimeout [10ms..60s] for the name resolution, and again for the connection
 * @param idleTimeout [1s..1h] without a byte in either direction
 * @param caCertificates PEM file of CA certificates that WebFetch trusts besides the public ones,
 *     such as that of a proxy which inspects TLS
 */
@Validated
@ConfigurationProperties("agentledger.claude.egress")
public record EgressSettings(
    @DefaultValue("false") boolean enabled,
    @DefaultValue List<String> allowedHosts,
    @DefaultValue List<String> deniedHosts,
    @DefaultValue List<String> allowedNetworks,
    @DefaultValue("64MB") DataSize sentMax,
    @DefaultValue("2GB") DataSize receivedMax,
    @DefaultValue("64") @Min(1) @Max(1024) int connections,
    @DefaultValue("200") @Min(1) @Max(1000) int hostsMax,
    @DefaultValue("10s") @DurationMin(millis = 10) @DurationMax(seconds = 60)
        Duration connectTimeout,
    @DefaultValue("2m") @DurationMin(seconds = 1) @DurationMax(hours = 1) Duration idleTimeout,
    @Nullable Path caCertificates) {
  private static final DataSize LEAST = DataSize.ofKilobytes(1);
  private static final DataSize MOST = DataSize.ofTerabytes(1);

  public EgressSettings {
    allowedHosts = List.copyOf(allowedHosts);
    deniedHosts = List.copyOf(deniedHosts);
    allowedNetworks = List.copyOf(allowedNetworks);
    parsePatterns("allowed-hosts", allowedHosts); // Reports an invalid value at startup.
    parsePatterns("denied-hosts", deniedHosts);
    requireInRange("sent-max", sentMax);
    requireInRange("received-max", receivedMax);
  }

  /**
   * Returns the operator's CA certificates in PEM; empty if none are set.
   *
   * @throws IllegalArgumentException if the file cannot be read or has no certificate
   */
  public Optional<String> readCaCertificates() {
    if (caCertificates == null || caCertificates.toString().isEmpty()) return Optional.empty();
    try (InputStream file = Files.newInputStream(caCertificates)) {
      StringBuilder text = new StringBuilder();
      var encoder = Base64.getMimeEncoder(64, new byte[] {'\n'});
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(file))
        text.append("-----BEGIN CERTIFICATE-----\n")
            .append(encoder.encodeToString(certificate.getEncoded()))
            .append("\n-----END CERTIFICATE-----\n");
      if (text.isEmpty()) throw new CertificateException("it has no certificate");
      return Optional.of(text.toString());
    } catch (IOException | CertificateException e) {
      throw new IllegalArgumentException(
          "agentledger.claude.egress.ca-certificates: "
              + caCertificates
              + " must be a readable PEM file of certificates: "
              + e.getMessage(),
          e);
    }
  }

  private static void requireInRange(String name, DataSize size) {
    if (size.compareTo(LEAST) < 0 || size.compareTo(MOST) > 0)
      throw new IllegalArgumentException(
          "agentledger.claude.egress." + name + " must be 1KB to 1TB");
  }

  private static List<HostPattern> parsePatterns(String name, List<String> lines) {
    return lines.stream()
        .map(
            line ->
                HostPattern.of(line)
                    .orElseThrow(
                        () ->
                            new IllegalArgumentException(
                                "agentledger.claude.egress."
                                    + name
                                    + " must be host patterns, unlike "
                                    + line)))
        .toList();
  }

  List<HostPattern> allowedPatterns() {
    return parsePatterns("allowed-hosts", allowedHosts);
  }

  List<HostPattern> deniedPatterns() {
    return parsePatterns("denied-hosts", deniedHosts);
  }
}
