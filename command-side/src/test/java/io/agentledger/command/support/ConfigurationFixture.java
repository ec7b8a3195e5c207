package io.agentledger.command.support;

import io.agentledger.api.identity.Provenance;
import org.axonframework.messaging.correlation.SimpleCorrelationDataProvider;
import org.axonframework.messaging.interceptors.CorrelationDataInterceptor;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;

/** Creates fixtures whose events get the tenant of their command, as in the service. */
public final class ConfigurationFixture {
  private ConfigurationFixture() {}

  public static <A extends ConfigurationAggregate<?>> FixtureConfiguration<A> of(Class<A> type) {
    return new AggregateTestFixture<>(type)
        .registerCommandHandlerInterceptor(
            new CorrelationDataInterceptor<>(new SimpleCorrelationDataProvider(Provenance.TENANT)));
  }
}
