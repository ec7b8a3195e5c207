package io.agentledger.command.report;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.query.IdentityQuery.FindUser;
import io.agentledger.api.identity.query.UserView;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.responsetypes.ResponseType;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a report contains by the queries of its requester, so that it shows exactly what they
 * may see.
 */
final class ReportReader {
  private static final String USER_ACTOR = "user:";

  private final QueryGateway queries;
  private final Caller caller;
  private final String request = Ids.random("req");
  private final Map<UserId, Optional<String>> names = new HashMap<>();

  ReportReader(QueryGateway queries, Caller caller) {
    this.queries = queries;
    this.caller = caller;
  }

  TenantId tenant() {
    return caller.tenant();
  }

  Caller caller() {
    return caller;
  }

  <R> R find(Object query, Class<R> type) {
    return await(send(query, ResponseTypes.instanceOf(type)));
  }

  <R> List<R> list(Object query, Class<R> type) {
    return await(send(query, ResponseTypes.multipleInstancesOf(type)));
  }

  /** Returns a user's name; null if the requester may not see it, or if there is none. */
  @Nullable String nameOf(UserId user) {
    return names.computeIfAbsent(user, this::findName).orElse(null);
  }

  /** Returns the name of an actor that is a user. */
  @Nullable String nameOf(@Nullable String actor) {
    return actor != null && actor.startsWith(USER_ACTOR)
        ? nameOf(new UserId(actor.substring(USER_ACTOR.length())))
        : null;
  }

  private Optional<String> findName(UserId user) {
    if (!user.equals(caller.user()) && !caller.has(Scope.USERS_READ)) return Optional.empty();
    try {
      return Optional.ofNullable(find(new FindUser(tenant(), user), UserView.class).name());
    } catch (RejectionException e) {
      if (e.rejection() instanceof NotFound) return Optional.empty();
      throw e;
    }
  }

  /** Returns the items of all pages of a list, read page by page while they are consumed. */
  <R> Stream<R> pages(Function<PageRequest, Object> query, Class<R> type) {
    return stream(
        new Batches<>() {
          private @Nullable String cursor;
          private boolean isLast;

          @Override
          List<R> readBatch() {
            List<R> items = List.of();
            while (items.isEmpty() && !isLast) { // A page may be empty and not be the last one.
              var page =
                  find(query.apply(new PageRequest(PageRequest.LIMIT_MAX, cursor)), Page.class);
              cursor = page.nextCursor();
              isLast = cursor == null;
              items = ((List<?>) page.items()).stream().<R>map(type::cast).toList();
            }
            return items;
          }
        });
  }

  /** Returns the items of a list, of which each query continues after the last item, or null. */
  <R> Stream<R> batches(Function<@Nullable R, Object> query, Class<R> type) {
    return stream(
        new Batches<>() {
          private @Nullable R last;

          @Override
          List<R> readBatch() {
            var items = list(query.apply(last), type);
            if (!items.isEmpty()) last = items.getLast();
            return items;
          }
        });
  }

  private static <R> Stream<R> stream(Iterator<R> items) {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(items, Spliterator.ORDERED), false);
  }

  private <R> CompletableFuture<R> send(Object query, ResponseType<R> type) {
    return queries.query(new GenericMessage<>(query, caller.asMetadata(request)), type);
  }

  private static <R> R await(CompletableFuture<R> response) {
    try {
      return response.get();
    } catch (InterruptedException e) {
      response.cancel(true);
      Thread.currentThread().interrupt();
      throw new ReportInterruptedException();
    } catch (ExecutionException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause())
        if (cause instanceof RejectionException rejection) throw rejection;
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    }
  }

  /** Iterator of items that are read in batches; an empty batch is the end. */
  private abstract static class Batches<R> implements Iterator<R> {
    private Deque<R> items = new ArrayDeque<>();
    private boolean ended;

    abstract List<R> readBatch();

    @Override
    public boolean hasNext() {
      if (items.isEmpty() && !ended) {
        items = new ArrayDeque<>(readBatch());
        ended = items.isEmpty();
      }
      return !items.isEmpty();
    }

    @Override
    public R next() {
      if (!hasNext()) throw new NoSuchElementException();
      return items.removeFirst();
    }
  }
}
