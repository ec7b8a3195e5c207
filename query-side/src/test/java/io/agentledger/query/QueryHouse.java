package io.agentledger.query;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.SessionQuery;
import io.agentledger.api.session.SessionQuery.FollowSession;
import io.agentledger.api.session.StreamItem;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.projection.ProjectionHouse;
import java.util.concurrent.CompletionException;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.beans.factory.annotation.Autowired;
import reactor.core.publisher.Flux;

/** The answering side on a real event store and real projections, asked through the bus. */
public abstract class QueryHouse extends ProjectionHouse {
  protected static final TenantId TENANT = ADA.tenant();

  @Autowired protected QueryGateway queries;

  protected <R> R ask(Object query, Class<R> answer) {
    return joined(() -> queries.query(query, ResponseTypes.instanceOf(answer)).join());
  }

  @SuppressWarnings("unchecked")
  protected <R> Page<R> page(Object query) {
    return joined(
        () -> (Page<R>) queries.query(query, ResponseTypes.instanceOf(Page.class)).join());
  }

  private static <R> R joined(java.util.function.Supplier<R> answer) {
    try {
      return answer.get();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) throw cause;
      throw e;
    }
  }

  protected java.util.List<StreamItem> list(SessionQuery.ListFacts query) {
    return joined(
        () -> queries.query(query, ResponseTypes.multipleInstancesOf(StreamItem.class)).join());
  }

  protected Flux<StreamItem> follow(FollowSession query) {
    return Flux.from(queries.streamingQuery(query, StreamItem.class));
  }

  protected static PageRequest first(int limit) {
    return new PageRequest(limit, null);
  }
}
