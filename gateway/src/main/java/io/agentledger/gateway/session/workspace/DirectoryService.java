package io.agentledger.gateway.session.workspace;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.session.BoundFolder;
import io.agentledger.api.session.SessionDirectory;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.query.DirectoryView;
import io.agentledger.api.session.query.SessionQuery.ListDirectories;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.InsufficientScope;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.DirectoryRefused;
import io.agentledger.api.workspace.HostDirectories;
import io.agentledger.api.workspace.NamedDirectory;
import io.agentledger.gateway.session.input.InputBatch;
import io.agentledger.gateway.session.input.SessionInputRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import io.agentledger.gateway.support.web.RequestContext;
import java.nio.file.Path;
import java.util.List;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Resolves requested directories of the host before commands are sent. */
@Component
public class DirectoryService {
  private final MessageGateway messageGateway;
  private final HostDirectories directories;

  DirectoryService(MessageGateway messageGateway, HostDirectories directories) {
    this.messageGateway = messageGateway;
    this.directories = directories;
  }

  /** Lists the directories that sessions may mount, for callers who may open a session. */
  Mono<Page<NamedDirectory>> listOffered(RequestContext context) {
    if (!context.caller().has(Scope.SESSIONS_WRITE))
      return Mono.error(new RejectionException(InsufficientScope.anyOf(Scope.SESSIONS_WRITE)));
    return messageGateway
        .onEventLoop(Mono.fromCompletionStage(directories::list))
        .map(namedDirectories -> new Page<>(namedDirectories, null));
  }

  Mono<Page<DirectoryView>> list(RequestContext context, SessionId id) {
    return messageGateway
        .queryList(context, new ListDirectories(context.tenant(), id), DirectoryView.class)
        .map(views -> new Page<>(views, null));
  }

  /**
   * Returns the inputs of a batch in their order.
   *
   * @param mapped inputs of the batch but those with directories
   */
  public Mono<List<Input>> toInputs(
      RequestContext context, InputBatch inputBatch, List<Input> mapped) {
    var others = mapped.iterator();
    return Flux.fromIterable(inputBatch.requests())
        .index()
        .concatMap(
            indexedRequest -> {
              var pointer =
                  inputBatch.pointers().get(indexedRequest.getT1().intValue()) + "/directories";
              return indexedRequest.getT2()
                      instanceof SessionInputRequest.AddDirectories(var requested)
                  ? resolve(context, requested, pointer).<Input>map(Input.AddDirectories::new)
                  : Mono.just(others.next());
            })
        .collectList();
  }

  /**
   * Resolves directories.
   *
   * @param pointer position of the list in the body
   */
  public Mono<List<SessionDirectory>> resolve(
      RequestContext context, List<String> requested, String pointer) {
    if (requested.isEmpty()) return Mono.just(List.of());
    boolean localOwner = context.caller().localOwner();
    return messageGateway
        .onEventLoop(Mono.fromCompletionStage(() -> directories.resolve(requested, localOwner)))
        .onErrorMap(RejectionException.class, exception -> toInvalidRequest(exception, pointer));
  }

  /** Resolves a directory to work in, in place; the caller must be the local owner. */
  public Mono<BoundFolder> bind(Path folder) {
    return messageGateway.onEventLoop(Mono.fromCompletionStage(() -> directories.bind(folder)));
  }

  private static Throwable toInvalidRequest(RejectionException exception, String pointer) {
    return exception.rejection() instanceof DirectoryRefused(var index, var rule, var detail)
        ? new InvalidRequestException(
            List.of(Violation.body(pointer + "/" + index, detail)), exception.rejection())
        : exception;
  }
}
