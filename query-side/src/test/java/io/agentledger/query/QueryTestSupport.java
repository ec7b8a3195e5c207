package io.agentledger.query;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.quota.DefaultLimits;
import io.agentledger.api.quota.MonthlyBudget;
import io.agentledger.api.quota.TenantLimits;
import io.agentledger.api.quota.UserLimits;
import io.agentledger.api.session.query.SessionQuery;
import io.agentledger.api.session.query.SessionQuery.FollowSession;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.projection.ProjectionTestSupport;
import io.agentledger.store.StatementRecorder;
import java.util.concurrent.CompletionException;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import reactor.core.publisher.Flux;

/** Tests of the query side on a real event store and real projections, through the query bus. */
@Import(QueryTestSupport.Limits.class)
public abstract class QueryTestSupport extends ProjectionTestSupport {
  protected static final UserId OWNER = UserId.next();

  /** Provided by the command side, which is not part of these tests. */
  @TestConfiguration
  static class Limits {
    @Bean
    static StatementRecorder statementRecorder() {
      return new StatementRecorder();
    }

    @Bean
    DefaultLimits standardLimits() {
      return new DefaultLimits(
          new TenantLimits(MonthlyBudget.UNLIMITED, 100, limits(5)), OWNER, limits(9));
    }
  }

  protected static UserLimits limits(int sessions) {
    return new UserLimits(sessions, 5, 100, 10, 60, 1000, MonthlyBudget.UNLIMITED);
  }

  protected static final TenantId TENANT = ADA.tenant();

  private static final UserId ADA_SIGNED_IN = UserId.next();

  @Autowired protected QueryGateway queries;

  /** Creates a query of an operator of the query's tenant. */
  protected static Message<?> queryMessage(Object query) {
    var tenant = query instanceof TenantScoped scoped ? scoped.tenant() : TENANT;
    return queryMessage(query, Caller.localOwner(tenant, ADA_SIGNED_IN, ADA.credential()));
  }

  protected static Message<?> queryMessage(Object query, Caller caller) {
    return new GenericMessage<>(query, caller.asMetadata("req_test"));
  }

  protected <R> R query(Object query, Class<R> answer) {
    return joined(
        () -> queries.query(queryMessage(query), ResponseTypes.instanceOf(answer)).join());
  }

  protected <R> R query(Object query, Caller caller, Class<R> answer) {
    return joined(
        () -> queries.query(queryMessage(query, caller), ResponseTypes.instanceOf(answer)).join());
  }

  @SuppressWarnings("unchecked")
  protected <R> Page<R> page(Object query) {
    return joined(
        () ->
            (Page<R>)
                queries.query(queryMessage(query), ResponseTypes.instanceOf(Page.class)).join());
  }

  private static <R> R joined(java.util.function.Supplier<R> query) {
    try {
      return query.get();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) throw cause;
      throw e;
    }
  }

  protected java.util.List<StreamItem> list(SessionQuery.ListSessionEvents query) {
    return joined(
        () ->
            queries
                .query(queryMessage(query), ResponseTypes.multipleInstancesOf(StreamItem.class))
                .join());
  }

  protected Flux<StreamItem> follow(FollowSession query) {
    return Flux.from(queries.streamingQuery(queryMessage(query), StreamItem.class));
  }

  protected static PageRequest first(int limit) {
    return new PageRequest(limit, null);
  }
}
