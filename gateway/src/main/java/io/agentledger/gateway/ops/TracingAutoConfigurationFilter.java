package io.agentledger.gateway.ops;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/** Excludes tracing from the application unless an endpoint for traces is configured. */
public final class TracingAutoConfigurationFilter
    implements AutoConfigurationImportFilter, EnvironmentAware {
  static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";

  private boolean enabled;

  @Override
  public void setEnvironment(Environment environment) {
    enabled = environment.getProperty(ENDPOINT, "").contains("://");
  }

  @Override
  public boolean[] match(@Nullable String[] candidates, AutoConfigurationMetadata metadata) {
    var matches = new boolean[candidates.length];
    for (int i = 0; i < candidates.length; i++) matches[i] = enabled || !isTracing(candidates[i]);
    return matches;
  }

  private static boolean isTracing(@Nullable String configuration) {
    return configuration != null
        && (configuration.startsWith("org.springframework.boot.micrometer.tracing.")
            || configuration.startsWith("org.springframework.boot.opentelemetry."));
  }
}
