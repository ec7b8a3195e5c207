package io.agentledger.query.hook;

import io.agentledger.projection.hook.ExecutionRows;
import io.agentledger.projection.hook.HookRows;
import io.agentledger.projection.support.Progress;
import io.agentledger.query.hook.HookQueries.Reading;
import io.agentledger.query.hook.HookQueries.Tables;
import io.agentledger.query.support.Cursors;
import io.agentledger.query.support.Opened;
import io.agentledger.query.support.SeenSessions;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The beans that answer about hooks. */
@Configuration(proxyBeanMethods = false)
public class HookQueryConfiguration {
  @Bean
  Tables hookTables(HookRows hooks, ExecutionRows executions, Opened opened) {
    return new Tables(hooks, executions, opened);
  }

  @Bean
  Reading hookReading(
      @Qualifier("eventStore") EventStore store,
      Progress progress,
      SeenSessions seen,
      PlatformTransactionManager transactions) {
    var reading = new TransactionTemplate(transactions);
    reading.setReadOnly(true);
    return new Reading(store, progress, seen, reading);
  }

  @Bean
  HookQueries hookQueries(Tables tables, Reading reading, Cursors cursors) {
    return new HookQueries(tables, reading, cursors);
  }
}
