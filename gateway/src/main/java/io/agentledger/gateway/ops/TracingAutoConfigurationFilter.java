package io.agentledger.gateway.ops;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/** Leaves tracing out of the house altogether unless somebody said where traces go. */
public final class TracingAutoConfigurationFilter
    implements AutoConfigurationImportFilter, EnvironmentAware {
  static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";

  private boolean wanted;

  @Override
  public void setEnvironment(Environment environment) {
    wanted = environment.getProperty(ENDPOINT, "").contains("://");
  }

  @Override
  public boolean[] match(@Nullable String[] candidates, AutoConfigurationMetadata metadata) {
    var kept = new boolean[candidates.length];
    for (int i = 0; i < candidates.length; i++) kept[i] = wanted || !isTracing(candidates[i]);
    return kept;
  }

  private static boolean isTracing(@Nullable String configuration) {
    return configuration != null
        && (configuration.startsWith("org.springframework.boot.micrometer.tracing.")
            || configuration.startsWith("org.springframework.boot.opentelemetry."));
  }
}
