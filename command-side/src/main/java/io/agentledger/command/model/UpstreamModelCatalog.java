package io.agentledger.command.model;

import io.agentledger.api.model.ModelCatalog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Catalog of an upstream's models, which are requested when a client names one, and kept for an
 * hour. A list that cannot be read is empty for a minute, so that an outage of the upstream refuses
 * no request.
 */
final class UpstreamModelCatalog implements ModelCatalog {
  private static final Logger log = LoggerFactory.getLogger(UpstreamModelCatalog.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration KEPT = Duration.ofHours(1);
  private static final Duration KEPT_AFTER_FAILURE = Duration.ofMinutes(1);

  private final Mono<List<String>> models;

  UpstreamModelCatalog(ModelUpstream upstream) {
    models =
        upstream
            .listModels()
            .timeout(TIMEOUT)
            .map(listed -> listed.stream().sorted().toList())
            .onErrorResume(
                failure -> {
                  log.atInfo()
                      .addKeyValue("failure", failure.getClass().getSimpleName())
                      .log("models of the upstream could not be listed");
                  return Mono.just(List.of());
                })
            .cache(
                listed -> listed.isEmpty() ? KEPT_AFTER_FAILURE : KEPT,
                failure -> Duration.ZERO,
                () -> Duration.ZERO);
  }

  @Override
  public CompletionStage<List<String>> listModels() {
    return models.toFuture();
  }
}
