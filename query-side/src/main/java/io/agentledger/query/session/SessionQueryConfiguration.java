package io.agentledger.query.session;

import io.agentledger.projection.ops.DeadLetters;
import io.agentledger.projection.session.Actions;
import io.agentledger.projection.session.Asides;
import io.agentledger.projection.session.Checkpoints;
import io.agentledger.projection.session.DirectoryRows;
import io.agentledger.projection.session.KnownFacts;
import io.agentledger.projection.session.Messages;
import io.agentledger.projection.session.Runs;
import io.agentledger.projection.session.Sessions;
import io.agentledger.projection.session.Shares;
import io.agentledger.projection.session.ToolCalls;
import io.agentledger.projection.support.Progress;
import io.agentledger.query.session.Cursor.Sources;
import io.agentledger.query.session.SessionQueries.Access;
import io.agentledger.query.support.Cursors;
import io.agentledger.query.support.Opened;
import io.agentledger.store.event.Tail;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The beans that answer about sessions. */
@Configuration(proxyBeanMethods = false)
public class SessionQueryConfiguration {
  @Bean
  SessionTables sessionTables(
      Sessions sessions,
      Runs runs,
      Messages messages,
      ToolCalls calls,
      Actions actions,
      Shares shares,
      DirectoryRows directories,
      Checkpoints checkpoints,
      Asides asides,
      KnownFacts known) {
    return new SessionTables(
        sessions, runs, messages, calls, actions, shares, directories, checkpoints, asides, known);
  }

  @Bean
  Admittance sessionAdmittance(
      Sessions sessions, Shares shares, @Qualifier("eventStore") EventStore store) {
    return new Admittance(sessions, shares, store);
  }

  @Bean
  ReadYourWrites readYourWrites(
      @Qualifier("eventStore") EventStore store,
      Sessions sessions,
      Progress progress,
      DeadLetters letters) {
    return new ReadYourWrites(store, sessions, progress, letters);
  }

  @Bean
  Access sessionAccess(
      Admittance admittance, ReadYourWrites writes, PlatformTransactionManager transactions) {
    var reading = new TransactionTemplate(transactions);
    reading.setReadOnly(true);
    return new Access(admittance, writes, reading);
  }

  @Bean
  SessionQueries sessionQueries(
      SessionTables tables, Opened opened, Cursors cursors, Access access) {
    return new SessionQueries(tables, new SessionViews(opened), cursors, access);
  }

  @Bean
  SessionLists sessionLists(SessionTables tables, Opened opened, Cursors cursors, Access access) {
    return new SessionLists(tables, opened, cursors, access);
  }

  @Bean
  AsideQueries asideQueries(SessionTables tables, Opened opened, Cursors cursors, Access access) {
    return new AsideQueries(tables, new AsideViews(opened), cursors, access);
  }

  @Bean
  HistoryQueries historyQueries(
      SessionTables tables, Opened opened, Cursors cursors, Access access) {
    return new HistoryQueries(tables, new SessionViews(opened), cursors, access);
  }

  @Bean
  SessionStream sessionStream(
      @Qualifier("eventStore") EventStore store, Tail tail, Admittance admittance, Opened opened) {
    return new SessionStream(new Sources(store, tail, admittance), new SessionFacts(opened));
  }
}
