package io.agentledger.projection.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.shared.OpsRejection.ProjectionRebuilding;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.ProjectionTestSupport;
import io.agentledger.projection.session.SessionRowRepository;
import jakarta.persistence.Table;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.queryhandling.GenericQueryMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.repository.support.Repositories;

class ReplayGuardIT extends ProjectionTestSupport {
  /** Read by statements, of the repository of another row or of a reader. */
  private static final Set<String> WITHOUT_REPOSITORY =
      Set.of(
          "search_document_row",
          "search_posting_row",
          "environment_default_row",
          "template_use_row");

  private static final Message<?> QUERY =
      new GenericQueryMessage<>("a query", ResponseTypes.instanceOf(String.class));

  @Autowired ApplicationContext context;
  @Autowired EventProcessingConfiguration processing;
  @Autowired TransactionManager transactions;
  @Autowired SessionRowRepository rows;

  @BeforeEach
  void replayAll() {
    newSession().completeSession();
    awaitHead();
    for (String projection : projections.names()) {
      processor(projection).shutDown();
      transactions.executeInTransaction(processor(projection)::resetTokens);
    }
  }

  @AfterEach
  void process() {
    for (String projection : projections.names()) processor(projection).start();
    awaitHead();
  }

  private StreamingEventProcessor processor(String projection) {
    return processing.eventProcessor(projection, StreamingEventProcessor.class).orElseThrow();
  }

  private static <R> R inUnitOfWork(Message<?> message, Supplier<R> work) {
    var result = DefaultUnitOfWork.startAndGet(message).executeWithResult(work::get);
    if (result.isExceptional() && result.exceptionResult() instanceof RuntimeException e) throw e;
    return result.getPayload();
  }

  @Test
  void queriesOfEveryRepositoryAreRejectedWhileItsProjectionIsReplayed() {
    var repositories = new Repositories(context);
    var guarded = new TreeSet<String>();
    for (var row : repositories) {
      String table = row.getAnnotation(Table.class).name();
      var repository = (JpaRepository<?, ?>) repositories.getRepositoryFor(row).orElseThrow();
      ProjectionTables.BY_PROJECTION.entrySet().stream()
          .filter(tables -> tables.getValue().contains(table))
          .map(Map.Entry::getKey)
          .forEach(
              projection -> {
                assertThatThrownBy(() -> inUnitOfWork(QUERY, repository::count))
                    .as(table)
                    .isInstanceOfSatisfying(
                        RejectionException.class,
                        e ->
                            assertThat(e.rejection())
                                .isEqualTo(new ProjectionRebuilding(projection)));
                guarded.add(table);
              });
    }
    var tables = new TreeSet<String>();
    ProjectionTables.BY_PROJECTION.values().forEach(tables::addAll);
    tables.removeAll(WITHOUT_REPOSITORY);
    assertThat(guarded).isEqualTo(tables);
  }

  @Test
  void eventHandlersAndChecksOfAccessReadMeanwhile() {
    var event = GenericEventMessage.asEventMessage("an event");
    long count = inUnitOfWork(event, rows::count);
    assertThat(count).isNotNegative();
    assertThat(inUnitOfWork(QUERY, () -> rows.findAccess("ses_none"))).isEmpty();
    assertThat(inUnitOfWork(QUERY, () -> rows.findCurrent("ses_none", "tnt_none"))).isEmpty();
  }
}
