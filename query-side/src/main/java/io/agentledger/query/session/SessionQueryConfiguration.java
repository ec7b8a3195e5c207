package io.agentledger.query.session;

import io.agentledger.projection.session.SessionRowRepository;
import io.agentledger.projection.session.hook.SessionHookRowRepository;
import io.agentledger.projection.session.run.RunRowRepository;
import io.agentledger.projection.session.run.SessionProcessRowRepository;
import io.agentledger.projection.session.run.SideRequestRowRepository;
import io.agentledger.projection.session.sharing.ShareRowRepository;
import io.agentledger.projection.session.transcript.MessageRowRepository;
import io.agentledger.projection.session.transcript.PendingActionRowRepository;
import io.agentledger.projection.session.transcript.ToolCallRowRepository;
import io.agentledger.projection.session.workspace.CheckpointRowRepository;
import io.agentledger.projection.session.workspace.DirectoryRowRepository;
import io.agentledger.query.session.SessionFollower.Sources;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.ProjectionFreshness;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.query.support.SessionVisibility;
import io.agentledger.store.Topology;
import io.agentledger.store.crypto.DataKeyring;
import io.agentledger.store.event.LiveEventFeed;
import io.agentledger.store.event.NotifyingEventStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Query handlers for sessions. */
@Configuration(proxyBeanMethods = false)
public class SessionQueryConfiguration {
  private static final int CACHED_SESSIONS_MAX = 500;

  @Bean
  SessionRepositories sessionTables(
      SessionRowRepository sessions,
      RunRowRepository runs,
      MessageRowRepository messages,
      ToolCallRowRepository calls,
      PendingActionRowRepository actions,
      ShareRowRepository shares,
      DirectoryRowRepository directories,
      SessionHookRowRepository hooks,
      CheckpointRowRepository checkpoints,
      SideRequestRowRepository sideRequestRowRepository,
      SessionProcessRowRepository sessionProcessRowRepository) {
    return new SessionRepositories(
        sessions,
        runs,
        messages,
        calls,
        actions,
        shares,
        directories,
        hooks,
        checkpoints,
        sideRequestRowRepository,
        sessionProcessRowRepository);
  }

  @Bean
  SessionAccessCheck sessionAccessCheck(
      SessionVisibility sessionVisibility, SessionRowCache sessionRowCache) {
    return new SessionAccessCheck(sessionVisibility, sessionRowCache);
  }

  @Bean
  SessionReadAccess sessionAccess(
      SessionAccessCheck sessionAccessCheck,
      SessionRowRepository sessions,
      ReadModelAccess readModelAccess) {
    return new SessionReadAccess(sessionAccessCheck, sessions, readModelAccess);
  }

  /** Returns a cache that keeps sessions only on a single node, which records all events itself. */
  @Bean
  SessionRowCache sessionRowCache(
      Topology topology, @Qualifier("eventStore") NotifyingEventStore store, DataKeyring keyring) {
    var cache = new SessionRowCache(topology.singleNode() ? CACHED_SESSIONS_MAX : 0);
    if (topology.singleNode()) store.onOwnChange(cache);
    keyring.onDestruction(cache::remove);
    return cache;
  }

  @Bean
  SessionQueryHandler sessionQueries(
      SessionRepositories sessionRepositories,
      ContentReader contentReader,
      CursorCodec cursorCodec,
      SessionReadAccess access,
      SessionRowCache cache) {
    return new SessionQueryHandler(
        sessionRepositories, new SessionViewMapper(contentReader), cursorCodec, access, cache);
  }

  @Bean
  PastSessionQueryHandler pastSessions(
      @Qualifier("eventStore") EventStore store,
      SessionAccessCheck sessionAccessCheck,
      ContentReader contentReader) {
    return new PastSessionQueryHandler(
        store, sessionAccessCheck, new SessionViewMapper(contentReader));
  }

  @Bean
  SessionListQueryHandler sessionLists(
      SessionRepositories sessionRepositories,
      ContentReader contentReader,
      CursorCodec cursorCodec,
      SessionReadAccess access,
      ProjectionFreshness freshness) {
    return new SessionListQueryHandler(
        sessionRepositories, contentReader, cursorCodec, access, freshness);
  }

  @Bean
  SideRequestQueryHandler sideRequestQueries(
      SessionRepositories sessionRepositories,
      ContentReader contentReader,
      CursorCodec cursorCodec,
      SessionReadAccess access) {
    return new SideRequestQueryHandler(
        sessionRepositories, new SideRequestViewMapper(contentReader), cursorCodec, access);
  }

  @Bean
  SessionPositions sessionPositions(JdbcClient sql) {
    return new SessionPositions(sql);
  }

  @Bean
  HistoryQueryHandler historyQueries(
      SessionRepositories sessionRepositories,
      ContentReader contentReader,
      CursorCodec cursorCodec,
      SessionReadAccess access,
      SessionPositions positions) {
    return new HistoryQueryHandler(
        sessionRepositories, new SessionViewMapper(contentReader), cursorCodec, access, positions);
  }

  @Bean
  SessionStreamQueryHandler sessionStream(
      @Qualifier("eventStore") NotifyingEventStore store,
      LiveEventFeed liveEventFeed,
      SessionAccessCheck sessionAccessCheck,
      ContentReader contentReader) {
    return new SessionStreamQueryHandler(
        new Sources(store, liveEventFeed, sessionAccessCheck),
        new StreamItemMapperFactory(contentReader));
  }
}
