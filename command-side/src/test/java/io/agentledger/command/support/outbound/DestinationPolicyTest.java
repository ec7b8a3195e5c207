package io.agentledger.command.support.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentledger.command.support.outbound.OutboundRefusedException.Rule;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The internet is permitted, and the destinations that the operator adds. */
class DestinationPolicyTest {
  private static DestinationPolicy defaultPolicy(String... answers) {
    return policyWith(List.of(), List.of(), answers);
  }

  private static DestinationPolicy policyWith(
      List<String> networks, List<String> hosts, String... answers) {
    return new DestinationPolicy(
        OutboundSettingsFixture.create(Set.of(80, 443), networks, hosts),
        host -> Arrays.stream(answers).map(InetAddress::ofLiteral).toList());
  }

  private static void assertRefused(Rule rule, Runnable what) {
    assertThatExceptionOfType(OutboundRefusedException.class)
        .isThrownBy(what::run)
        .satisfies(e -> assertThat(e.rule()).isEqualTo(rule));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://0.0.0.0/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/",
        "http://10.0.0.1/",
        "http://100.64.1.1/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[::127.0.0.1]/",
        "http://224.0.0.1/",
        "http://[fe80::1]/",
        "http://[fc00::1]/"
      })
  void literalAddressIsCheckedAtConfiguration(String url) {
    assertRefused(Rule.NETWORK, () -> defaultPolicy().check(url));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost/",
        "http://LOCALHOST./",
        "http://a.localhost/",
        "http://intranet/"
      })
  void rejectsNamesSubjectToSearchDomains(String url) {
    assertRefused(Rule.HOST, () -> defaultPolicy().check(url));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://example.com:22/", "http://example.com:6379/", "http://a.example:0/"})
  void rejectsOtherPorts(String url) {
    assertRefused(Rule.PORT, () -> defaultPolicy().check(url));
  }

  @ParameterizedTest
  @CsvSource({"10.1.2.3", "127.0.0.1", "169.254.169.254", "::1", "fd00::1", "0.0.0.0"})
  void rejectsNamesOfInternalAddresses(String address) {
    var destinations = defaultPolicy(address);
    var destination = destinations.check("https://innocent.example/");
    assertRefused(Rule.NETWORK, () -> destinations.resolve(destination));
  }

  @Test
  void nameWithOneDeniedAddressIsDenied() {
    var destinations = defaultPolicy("8.8.8.8", "127.0.0.1");
    var destination = destinations.check("https://mixed.example/");
    assertRefused(Rule.NETWORK, () -> destinations.resolve(destination));
  }

  @Test
  void rejectsNamesWithoutAnAddress() {
    var destinations = defaultPolicy();
    var destination = destinations.check("https://nothing.example/");
    assertRefused(Rule.NAME, () -> destinations.resolve(destination));
  }

  @Test
  void publicAddressesAreAllowed() {
    var destinations = defaultPolicy("8.8.8.8", "2001:4860:4860::8888");
    assertThat(destinations.resolve(destinations.check("https://dns.example/")))
        .extracting(InetAddress::getHostAddress)
        .containsExactly("8.8.8.8", "2001:4860:4860:0:0:0:0:8888");
  }

  @Test
  void rangeAllowedByTheOperatorDoesNotIncludeItsNeighbour() {
    var destinations = policyWith(List.of("10.1.0.0/16"), List.of(), "10.1.2.3");
    assertThat(destinations.resolve(destinations.check("https://git.example/"))).hasSize(1);
    destinations.check("http://10.1.255.255/");
    assertRefused(Rule.NETWORK, () -> destinations.check("http://10.2.0.1/"));
  }

  @Test
  void trustedHostMayBePrivateButNeverThisMachine() {
    for (var address : List.of("10.1.2.3", "192.168.1.1", "fd00::1", "100.64.0.1")) {
      var destinations = policyWith(List.of(), List.of(".corp.example", "git"), address);
      assertThat(destinations.resolve(destinations.check("https://a.corp.example/"))).hasSize(1);
      assertThat(destinations.resolve(destinations.check("https://git/"))).hasSize(1);
      var other = destinations.check("https://corp.example.evil.example/");
      assertRefused(Rule.NETWORK, () -> destinations.resolve(other));
      var suffix = destinations.check("https://evilcorp.example/");
      assertRefused(Rule.NETWORK, () -> destinations.resolve(suffix));
    }
    for (var address : List.of("127.0.0.1", "169.254.1.1", "169.254.169.254", "0.0.0.0", "::1")) {
      var destinations = policyWith(List.of(), List.of(".corp.example"), address);
      var destination = destinations.check("https://a.corp.example/");
      assertRefused(Rule.NETWORK, () -> destinations.resolve(destination));
    }
  }

  @Test
  void cloudMetadataAddressIsAlwaysDenied() {
    var destinations =
        policyWith(List.of("0.0.0.0/0", "::/0"), List.of(".example"), "169.254.169.254");
    destinations.check("http://127.0.0.1/");
    assertRefused(Rule.NETWORK, () -> destinations.check("http://169.254.169.254/"));
    assertRefused(Rule.NETWORK, () -> destinations.check("http://[fd00:ec2::254]/"));
    var destination = destinations.check("https://metadata.example/");
    assertRefused(Rule.NETWORK, () -> destinations.resolve(destination));
  }
}
