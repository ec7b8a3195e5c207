package io.agentledger.gateway.ops;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import reactor.netty.ChannelBindException;

/**
 * Checks at the beginning of a start that the ports of the service are valid and free, before the
 * database is started.
 */
public final class ListenAddressCheck
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {
  private static final int PORT_MAX = 65_535;

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    check(context.getEnvironment(), "server.port", "AGENTLEDGER_PORT");
    check(context.getEnvironment(), "agentledger.rsocket-port", "AGENTLEDGER_RSOCKET_PORT");
  }

  private static void check(Environment environment, String property, String variable) {
    var value = environment.getProperty(property, "0").strip();
    if (!value.matches("[0-9]{1,5}") || Integer.parseInt(value) > PORT_MAX)
      throw new InvalidListenAddressException(
          variable + " is \"" + value + "\", which is no port.",
          "Set " + variable + " to a number from 0 to " + PORT_MAX + "; 0 is any free port.");
    int port = Integer.parseInt(value);
    if (port == 0) return;
    var address = environment.getProperty("server.address", "127.0.0.1");
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(address, port));
    } catch (IOException exception) {
      throw new InvalidListenAddressException(
          "Port " + port + " of " + address + " cannot be used: " + exception.getMessage() + ".",
          cure(variable));
    }
  }

  private static String cure(String variable) {
    return "Stop the program that listens on it, or set "
        + variable
        + " to another port; 0 is any free port.";
  }

  /** An address on which the service cannot listen. */
  static final class InvalidListenAddressException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String action;

    InvalidListenAddressException(String message, String action) {
      super(message);
      this.action = action;
    }
  }

  /** Reports that another program has taken a port since the check, without a stack trace. */
  static final class BindAnalyzer extends AbstractFailureAnalyzer<ChannelBindException> {
    private final Environment environment;

    BindAnalyzer(Environment environment) {
      this.environment = environment;
    }

    @Override
    protected FailureAnalysis analyze(Throwable failure, ChannelBindException cause) {
      var httpPort = environment.getProperty("server.port", "").strip();
      boolean isHttp = httpPort.equals(Integer.toString(cause.localPort()));
      return new FailureAnalysis(
          cause.getMessage() + ".",
          cure(isHttp ? "AGENTLEDGER_PORT" : "AGENTLEDGER_RSOCKET_PORT"),
          cause);
    }
  }

  /** Reports an address on which the service cannot listen, without a stack trace. */
  static final class Analyzer extends AbstractFailureAnalyzer<InvalidListenAddressException> {
    @Override
    protected FailureAnalysis analyze(Throwable failure, InvalidListenAddressException cause) {
      return new FailureAnalysis(cause.getMessage(), cause.action, cause);
    }
  }
}
