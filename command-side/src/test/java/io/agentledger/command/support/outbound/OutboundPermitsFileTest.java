package io.agentledger.command.support.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The permits of the file apply with the next request; a faulty file permits nothing. */
class OutboundPermitsFileTest {
  private static final String LOOPBACK =
      """
      # A hook under development
      agentledger.outbound.ports=9000
      agentledger.outbound.allowed-networks=127.0.0.1/32
      """;

  @TempDir private Path home;
  private Path file;
  private DestinationPolicy policy;

  @BeforeEach
  void policyWithoutFile() {
    file = home.resolve(OutboundPermitsFile.NAME);
    var settings = OutboundSettingsFixture.create(Set.of(80, 443), List.of(), List.of());
    policy =
        new DestinationPolicy(
            settings,
            new OutboundPermitsFile(file),
            host -> List.of(InetAddress.ofLiteral("10.1.2.3")));
  }

  private void write(String content) throws IOException {
    Files.writeString(file, content);
  }

  private void assertRefused(String url) {
    assertThatExceptionOfType(OutboundRefusedException.class)
        .isThrownBy(() -> policy.resolve(policy.check(url)));
  }

  private void assertPermitted(String url) {
    assertThatNoException().isThrownBy(() -> policy.resolve(policy.check(url)));
  }

  @Test
  void fileAppliesWhileItExists() throws IOException {
    assertRefused("http://127.0.0.1:9000/");
    write(LOOPBACK);
    assertPermitted("http://127.0.0.1:9000/");
    assertRefused("http://127.0.0.2:9000/");
    write("agentledger.outbound.allowed-hosts=.corp.example\n");
    assertPermitted("https://git.corp.example/");
    assertRefused("http://127.0.0.1:9000/");
    Files.delete(file);
    assertRefused("https://git.corp.example/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "agentledger.outbound.ports=0",
        "agentledger.outbound.ports=http",
        "agentledger.outbound.allowed-networks=127.0.0.1",
        "agentledger.outbound.request-timeout=1h",
        "agentledger.outbound.allowed-network=127.0.0.1/32",
        "outbound.ports=9000"
      })
  void faultyFilePermitsNothing(String fault) throws IOException {
    write(LOOPBACK + fault);
    assertRefused("http://127.0.0.1:9000/");
    write(LOOPBACK);
    assertPermitted("http://127.0.0.1:9000/");
  }

  @Test
  void fileThatOthersMayChangePermitsNothing() throws IOException {
    write(LOOPBACK);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
    assertRefused("http://127.0.0.1:9000/");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertPermitted("http://127.0.0.1:9000/");
  }

  @Test
  void fileOfAnotherUserPermitsNothing() throws IOException {
    assumeThat(Files.getOwner(home).getName()).isEqualTo("root");
    write(LOOPBACK);
    Files.setAttribute(file, "unix:uid", 65_534);
    assertRefused("http://127.0.0.1:9000/");
  }

  @Test
  void metadataServicesStayForbidden() throws IOException {
    write("agentledger.outbound.allowed-networks=169.254.0.0/16");
    assertRefused("http://169.254.169.254/");
    assertThat(AddressScope.classify(InetAddress.ofLiteral("169.254.169.254")))
        .isEqualTo(AddressScope.METADATA);
  }
}
