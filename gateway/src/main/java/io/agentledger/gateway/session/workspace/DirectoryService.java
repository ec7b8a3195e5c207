package io.agentledger.gateway.session.workspace;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.session.BoundFolder;
import io.agentledger.api.session.SessionDirectory;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.query.DirectoryView;
import io.agentledger.api.session.query.SessionQuery.ListDirectories;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.DirectoryRefused;
import io.agentledger.api.workspace.HostDirectories;
import io.agentledger.api.workspace.NamedDirectory;
import io.agentledger.gateway.session.input.InputBatch;
import io.agentledger.gateway.session.input.SessionInputRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.web.RequestContext;
import java.nio.file.Path;
import java.util.List;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Folders of the host that are wished for: looked at before anything is sent. */
@Component
public class DirectoryService {
  private final MessageGateway messageGateway;
  private final HostDirectories directories;

  DirectoryService(MessageGateway messageGateway, HostDirectories directories) {
    this.messageGateway = messageGateway;
    this.directories = directories;
  }

  /** Names that sessions may choose from; for whoever may open one. */
  Mono<Page<NamedDirectory>> offered(RequestContext context) {
    if (!context.caller().has(Scope.SESSIONS_WRITE))
      return Mono.error(new RejectionException(new Forbidden()));
    return messageGateway
        .onEventLoop(Mono.fromCompletionStage(directories::offered))
        .map(namedDirectories -> new Page<>(namedDirectories, null));
  }

  Mono<Page<DirectoryView>> list(RequestContext context, SessionId id) {
    return messageGateway
        .queryList(context, new ListDirectories(context.tenant(), id), DirectoryView.class)
        .map(seen -> new Page<>(seen, null));
  }

  public Mono<List<Input>> inputs(RequestContext context, InputBatch inputBatch) {
    return Flux.fromIterable(inputBatch.bodies())
        .index()
        .concatMap(
            one -> {
              var pointer = inputBatch.pointers().get(one.getT1().intValue()) + "/directories";
              return one.getT2() instanceof SessionInputRequest.AddDirectories(var requested)
                  ? choose(context, requested, pointer).<Input>map(Input.AddDirectories::new)
                  : Mono.just(one.getT2().toInput());
            })
        .collectList();
  }

  /**
   * @param pointer to the list in the body
   */
  public Mono<List<SessionDirectory>> choose(
      RequestContext context, List<String> requested, String pointer) {
    if (requested.isEmpty()) return Mono.just(List.of());
    boolean localOwner = context.caller().localOwner();
    return messageGateway
        .onEventLoop(Mono.fromCompletionStage(() -> directories.choose(requested, localOwner)))
        .onErrorMap(RejectionException.class, no -> refused(no, pointer));
  }

  /** A folder to work in, in place; who wishes it is the local owner. */
  public Mono<BoundFolder> bind(Path folder) {
    return messageGateway.onEventLoop(Mono.fromCompletionStage(() -> directories.bind(folder)));
  }

  private static Throwable refused(RejectionException no, String pointer) {
    return no.rejection() instanceof DirectoryRefused(var index, var rule, var detail)
        ? InvalidRequestException.body(pointer + "/" + index, detail)
        : no;
  }
}
