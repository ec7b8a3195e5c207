package io.agentledger.command.model;

import io.agentledger.api.model.Upstream;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * Upstream that answers model requests. A response lives only as long as {@code pass} is
 * subscribed.
 */
public interface ModelUpstream {

  /** What stands on every label. */
  Upstream upstream();

  /**
   * Asks, and hands the answer to {@code pass}; cancelling ends the exchange on the far side too.
   */
  Mono<Void> send(ModelRequest request, Function<ModelResponse, Publisher<Void>> pass);
}
