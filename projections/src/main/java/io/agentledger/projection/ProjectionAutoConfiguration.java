package io.agentledger.projection;

import io.agentledger.api.shared.StableNames;
import io.agentledger.projection.agent.AgentProjectionConfiguration;
import io.agentledger.projection.audit.AuditProjectionConfiguration;
import io.agentledger.projection.channel.ChannelProjectionConfiguration;
import io.agentledger.projection.cost.CostProjectionConfiguration;
import io.agentledger.projection.environment.EnvironmentProjectionConfiguration;
import io.agentledger.projection.flow.FlowProjectionConfiguration;
import io.agentledger.projection.hook.HookProjectionConfiguration;
import io.agentledger.projection.identity.IdentityProjectionConfiguration;
import io.agentledger.projection.mcp.McpProjectionConfiguration;
import io.agentledger.projection.ops.DeadLetterReader;
import io.agentledger.projection.ops.OpsProjectionConfiguration;
import io.agentledger.projection.permission.PermissionProjectionConfiguration;
import io.agentledger.projection.quota.QuotaProjectionConfiguration;
import io.agentledger.projection.report.ReportProjectionConfiguration;
import io.agentledger.projection.session.SessionProjection;
import io.agentledger.projection.session.SessionProjectionConfiguration;
import io.agentledger.projection.session.search.SearchProjectionConfiguration;
import io.agentledger.projection.subscription.SubscriptionProjectionConfiguration;
import io.agentledger.projection.support.BatchingDeadLetterQueue;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.ProjectionCommitSignal;
import io.agentledger.projection.support.QueryEnhancerPostProcessor;
import io.agentledger.projection.support.RowRejectedException;
import io.agentledger.projection.task.TaskProjectionConfiguration;
import io.agentledger.projection.template.TemplateProjectionConfiguration;
import io.agentledger.projection.trigger.TriggerProjectionConfiguration;
import io.agentledger.projection.vault.VaultProjectionConfiguration;
import io.agentledger.store.StoreAutoConfiguration;
import io.agentledger.store.Topology;
import io.agentledger.store.event.CoalescingEventSource;
import io.agentledger.store.event.NotifyingEventStore;
import io.agentledger.store.postgres.RelaxedCommit;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.Configuration;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.deadletter.jdbc.DeadLetterSchema;
import org.axonframework.eventhandling.deadletter.jdbc.JdbcSequencedDeadLetterQueue;
import org.axonframework.messaging.deadletter.DeadLetter;
import org.axonframework.messaging.deadletter.Decisions;
import org.axonframework.messaging.deadletter.EnqueueDecision;
import org.axonframework.messaging.deadletter.SequencedDeadLetterQueue;
import org.axonframework.messaging.deadletter.ThrowableCause;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernatePropertiesCustomizer;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;

/**
 * Beans of the projections. The store configures how processors read; this adds a dead-letter queue
 * for each group and a signal after every committed batch.
 */
@AutoConfiguration(
    after = StoreAutoConfiguration.class,
    beforeName = {
      "org.axonframework.springboot.autoconfig.AxonAutoConfiguration",
      "org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration"
    })
@EntityScan("io.agentledger.projection")
@EnableJpaRepositories(
    basePackages = "io.agentledger.projection",
    // Projections write in the transactions of their batches; a read needs none.
    enableDefaultTransactions = false,
    repositoryImplementationPostfix = "Reader")
@Import({
  SessionProjectionConfiguration.class,
  SearchProjectionConfiguration.class,
  IdentityProjectionConfiguration.class,
  VaultProjectionConfiguration.class,
  EnvironmentProjectionConfiguration.class,
  TemplateProjectionConfiguration.class,
  AgentProjectionConfiguration.class,
  TaskProjectionConfiguration.class,
  TriggerProjectionConfiguration.class,
  ChannelProjectionConfiguration.class,
  FlowProjectionConfiguration.class,
  ReportProjectionConfiguration.class,
  SubscriptionProjectionConfiguration.class,
  PermissionProjectionConfiguration.class,
  HookProjectionConfiguration.class,
  McpProjectionConfiguration.class,
  QuotaProjectionConfiguration.class,
  CostProjectionConfiguration.class,
  AuditProjectionConfiguration.class,
  OpsProjectionConfiguration.class
})
public class ProjectionAutoConfiguration {
  private static final Logger log = LoggerFactory.getLogger(ProjectionAutoConfiguration.class);
  private static final List<String> GROUPS =
      List.of(
          "session",
          "search",
          "identity",
          "vault",
          "quota",
          "cost",
          "audit",
          "permission",
          "hook",
          "mcp",
          "environment",
          "template",
          "agent",
          "task",
          "report",
          "flow",
          "subscription",
          "trigger",
          "channel",
          "chat");

  /** Groups with events of every run, for which responses rarely wait. */
  private static final List<String> BUSY_GROUPS = List.of("search", "cost", "audit", "quota");

  private static final int BATCH = 2000;
  private static final int STATEMENTS_PER_ROUND_TRIP = 500;
  private static final int DEAD_LETTERS_MAX = 10_000;

  @Bean
  static QueryEnhancerPostProcessor queryEnhancerPostProcessor() {
    return new QueryEnhancerPostProcessor();
  }

  @Bean
  HibernatePropertiesCustomizer hibernateBatching() {
    return hibernate ->
        hibernate.putAll(
            Map.of(
                "hibernate.jdbc.batch_size", STATEMENTS_PER_ROUND_TRIP,
                "hibernate.order_inserts", true,
                "hibernate.order_updates", true));
  }

  @Bean
  PoisonEventIsolator poisonEventIsolator(EntityManager entityManager) {
    return new PoisonEventIsolator(entityManager, BATCH);
  }

  @Bean
  ProjectionCommitSignal projectionCommitSignal() {
    return new ProjectionCommitSignal();
  }

  @Bean
  SmartInitializingSingleton recordedEvents(
      @Qualifier("eventStore") NotifyingEventStore store,
      ProjectionCommitSignal projectionCommitSignal) {
    return () -> store.onOwnCommit(projectionCommitSignal::onOwnCommit);
  }

  @Bean
  ConfigurerModule projectionProcessors(
      ConnectionProvider connections,
      ProjectionCommitSignal projectionCommitSignal,
      Topology topology) {
    return axon -> {
      for (String group : GROUPS)
        axon.eventProcessing()
            .registerDeadLetterQueue(group, c -> deadLetterQueue(c, group, connections))
            .registerDeadLetteringEventHandlerInvokerConfiguration(
                group, (c, invoker) -> invoker.allowReset(true).enableSequenceIdentifierCache())
            .registerDeadLetterPolicy(
                group, c -> (letter, cause) -> enqueueDecision(group, letter, cause))
            .registerHandlerInterceptor(group, c -> RelaxedCommit.ofBatches(connections))
            .registerHandlerInterceptor(group, c -> projectionCommitSignal.interceptor(group));
      for (String group : GROUPS)
        CoalescingEventSource.configure(
            axon.eventProcessing(),
            group,
            delayOf(group, topology),
            expedite -> projectionCommitSignal.onWait(group, expedite));
    };
  }

  private static Duration delayOf(String group, Topology topology) {
    if (BUSY_GROUPS.contains(group)) return CoalescingEventSource.LONG_DELAY;
    return topology.singleNode() && group.equals(SessionProjection.GROUP)
        ? CoalescingEventSource.SINGLE_NODE_DELAY
        : CoalescingEventSource.AWAITED_DELAY;
  }

  /** Logs only the first dead letter of a sequence, because the later ones follow from it. */
  private static EnqueueDecision<EventMessage<?>> enqueueDecision(
      String group, DeadLetter<? extends EventMessage<?>> letter, Throwable cause) {
    var failure = ThrowableCause.truncated(RowRejectedException.wrapIfDataError(cause));
    log.atWarn()
        .addKeyValue("projection", group)
        .addKeyValue("eventId", letter.message().getIdentifier())
        .addKeyValue("event", StableNames.of(letter.message().getPayloadType()))
        .addKeyValue("cause", failure.type()) // The exception's message may contain content.
        .log("an event became a dead letter, and later events of its sequence follow");
    return Decisions.enqueue(failure);
  }

  private static SequencedDeadLetterQueue<EventMessage<?>> deadLetterQueue(
      Configuration axon, String group, ConnectionProvider connections) {
    var schema = DeadLetterSchema.builder().deadLetterTable(DeadLetterReader.TABLE).build();
    var statements =
        new BatchingDeadLetterQueue.Statements(schema, axon.serializer(), axon.eventSerializer());
    return new BatchingDeadLetterQueue(
        JdbcSequencedDeadLetterQueue.<EventMessage<?>>builder()
            .processingGroup(group)
            .connectionProvider(connections)
            .transactionManager(axon.getComponent(TransactionManager.class))
            .schema(schema)
            .statementFactory(statements)
            .maxSequences(DEAD_LETTERS_MAX)
            .maxSequenceSize(DEAD_LETTERS_MAX)
            .genericSerializer(axon.serializer())
            .eventSerializer(axon.eventSerializer()),
        new BatchingDeadLetterQueue.Parts(group, connections, statements, DEAD_LETTERS_MAX));
  }
}
