package io.agentledger.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import reactor.netty.ChannelBindException;
import reactor.netty.tcp.TcpServer;

/** Tests that a start with a wrong port ends with its setting and the cure, and no stack trace. */
@ExtendWith(OutputCaptureExtension.class)
class ListenAddressCheckTest {
  @Configuration(proxyBeanMethods = false)
  static class Empty {}

  @ParameterizedTest
  @ValueSource(strings = {"abc", "-1", "65536", "99999999999"})
  void portThatIsNoPortIsReported(String port, CapturedOutput output) {
    assertThatThrownBy(() -> start("--server.port=0", "--agentledger.rsocket-port=" + port))
        .isInstanceOf(ListenAddressCheck.InvalidListenAddressException.class);
    assertThat(output.getAll())
        .contains("AGENTLEDGER_RSOCKET_PORT is \"" + port + "\", which is no port.")
        .contains("Set AGENTLEDGER_RSOCKET_PORT to a number from 0 to 65535")
        .doesNotContain("\tat ");
  }

  @Test
  void portInUseIsReported(CapturedOutput output) throws IOException {
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(
              () -> start("--server.address=127.0.0.1", "--server.port=" + other.getLocalPort()))
          .isInstanceOf(ListenAddressCheck.InvalidListenAddressException.class);
      assertThat(output.getAll())
          .contains("Port " + other.getLocalPort() + " of 127.0.0.1 cannot be used")
          .contains("or set AGENTLEDGER_PORT to another port")
          .doesNotContain("\tat ");
    }
  }

  @ParameterizedTest
  @CsvSource({"server.port,AGENTLEDGER_PORT", "agentledger.rsocket-port,AGENTLEDGER_RSOCKET_PORT"})
  void portThatIsTakenAfterTheCheckIsReported(
      String property, String variable, CapturedOutput output) throws IOException {
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var application = new SpringApplication(Empty.class);
      application.setWebApplicationType(WebApplicationType.NONE);
      application.addInitializers(
          context -> TcpServer.create().host("127.0.0.1").port(other.getLocalPort()).bindNow());
      String port = "--" + property + "=" + other.getLocalPort();
      assertThatThrownBy(() -> application.run(port)).isInstanceOf(ChannelBindException.class);
      assertThat(output.getAll())
          .contains("" + other.getLocalPort())
          .contains("set " + variable + " to another port")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void freePortIsAccepted() throws IOException {
    int port;
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = other.getLocalPort();
    }
    start("--server.port=" + port).close();
  }

  private static ConfigurableApplicationContext start(String... arguments) {
    var application = new SpringApplication(Empty.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    application.addInitializers(new ListenAddressCheck());
    return application.run(arguments);
  }
}
