package io.agentledger.command.model;

import io.agentledger.api.model.Upstream;
import java.util.List;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * Upstream that answers model requests. A response lives only as long as {@code pass} is
 * subscribed.
 */
public interface ModelUpstream {

  /** Returns the kind of the upstream, which is shown to users. */
  Upstream upstream();

  /** Returns the ids of the upstream's models; empty if it has no list. */
  default Mono<List<String>> listModels() {
    return Mono.just(List.of());
  }

  /**
   * Sends a request and passes the response to {@code pass}. Cancelling also ends the exchange at
   * the upstream.
   */
  Mono<Void> send(ModelRequest request, Function<ModelResponse, Publisher<Void>> pass);
}
