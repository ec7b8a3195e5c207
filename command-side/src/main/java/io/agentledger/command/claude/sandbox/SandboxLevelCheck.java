package io.agentledger.command.claude.sandbox;

import io.agentledger.command.claude.host.HostUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Checks at the beginning of a start whether the sandbox level that the operator requires can be
 * available here, before the database is started. The sandbox itself is probed later.
 */
final class SandboxLevelCheck
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {
  @Override
  public void initialize(ConfigurableApplicationContext context) {
    var name = context.getEnvironment().getProperty("agentledger.claude.sandbox", "");
    if (name.isBlank()) return;
    try {
      var path = Objects.requireNonNullElse(System.getenv("PATH"), "");
      SandboxRequirements.check(name, HostUser.current(), path);
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
  }

  /** Reports a level that is not available, without a stack trace. */
  static final class Analyzer extends AbstractFailureAnalyzer<SandboxUnavailableException> {
    @Override
    protected FailureAnalysis analyze(Throwable failure, SandboxUnavailableException cause) {
      return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
    }
  }
}
