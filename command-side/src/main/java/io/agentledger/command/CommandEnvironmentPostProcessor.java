package io.agentledger.command;

import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.origin.OriginTrackedValue;
import org.springframework.boot.origin.SystemEnvironmentOrigin;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Default settings of the job scheduler, the published names of settings that differ from their
 * properties, and the operator's variables of MCP servers with the case of their names; every other
 * source overrides them. Other nodes consider a node dead after six missed heartbeats, which is 30
 * s.
 */
public final class CommandEnvironmentPostProcessor implements EnvironmentPostProcessor {
  private static final Map<String, Object> DEFAULTS =
      Map.of(
          "db-scheduler.polling-interval", "1m",
          "db-scheduler.polling-strategy", "lock_and_fetch",
          "db-scheduler.heartbeat-interval", "10s",
          "db-scheduler.missed-heartbeats-limit", "4",
          "db-scheduler.shutdown-max-wait", "5s",
          // Logs with a stack trace a condition that is answered with a rejection: the session
          // does not exist.
          "logging.level.org.axonframework.modelling.command.AbstractRepository", "error");

  private static final Map<String, String> PUBLISHED =
      Map.ofEntries(
          Map.entry("MAX_CONCURRENT_SESSIONS", "agentledger.quota.user.sessions"),
          Map.entry("MAX_CONCURRENT_TASKS", "agentledger.quota.user.tasks"),
          Map.entry("SESSION_TIMEOUT_HOURS", "agentledger.session.expire-after"),
          Map.entry("TASK_TIMEOUT_SECONDS", "agentledger.tasks.timeout"),
          Map.entry("SESSION_ARCHIVE_DAYS", "agentledger.session.archive-after"),
          Map.entry("RATE_LIMIT_PER_MINUTE", "agentledger.quota.user.calls-per-minute"),
          Map.entry("RATE_LIMIT_PER_HOUR", "agentledger.quota.user.calls-per-hour"),
          Map.entry("MAX_STORAGE_MB", "agentledger.quota.user.storage-mib"),
          Map.entry("MAX_WORKING_DIR_SIZE_MB", "agentledger.quota.user.workspace-mib"),
          Map.entry("CLAUDE_CLI_PATH", "agentledger.claude.cli-path"),
          Map.entry("AGENTLEDGER_SANDBOX", "agentledger.claude.sandbox"));

  private static final String ACCESS_TOKEN_MINUTES = "JWT_ACCESS_TOKEN_EXPIRE_MINUTES";

  /** Spring converts the rest of such a name to lower case. */
  private static final String MCP_VARIABLE = "AGENTLEDGER_MCP_VARIABLES_";

  @Override
  public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication app) {
    var settings = new HashMap<>(DEFAULTS);
    PUBLISHED.forEach(
        (name, property) -> {
          String value = environment.getProperty(name, "");
          if (!value.isBlank()) settings.put(property, ofVariable(name, value));
        });
    String minutes = environment.getProperty(ACCESS_TOKEN_MINUTES, "");
    if (!minutes.isBlank())
      settings.put(
          "agentledger.identity.access-token-ttl", ofVariable(ACCESS_TOKEN_MINUTES, minutes + "m"));
    environment
        .getSystemEnvironment()
        .forEach(
            (name, value) -> {
              if (name.startsWith(MCP_VARIABLE))
                settings.put(
                    "agentledger.mcp.variables[" + name.substring(MCP_VARIABLE.length()) + "]",
                    value);
            });
    environment
        .getPropertySources()
        .addLast(new OriginTrackedMapPropertySource("commandDefaults", settings));
  }

  /** The origin is for reports of a value that is not valid. */
  private static OriginTrackedValue ofVariable(String name, String value) {
    return OriginTrackedValue.of(value, new SystemEnvironmentOrigin(name));
  }
}
