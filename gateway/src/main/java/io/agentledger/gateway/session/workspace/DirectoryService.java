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
  private final MessageGateway bus;
  private final HostDirectories directories;

  DirectoryService(MessageGateway bus, HostDirectories directories) {
    this.bus = bus;
    this.directories = directories;
  }

  /** Names that sessions may choose from; for whoever may open one. */
  Mono<Page<NamedDirectory>> offered(RequestContext visit) {
    if (!visit.caller().has(Scope.SESSIONS_WRITE))
      return Mono.error(new RejectionException(new Forbidden()));
    return bus.back(Mono.fromCompletionStage(directories::offered))
        .map(offered -> new Page<>(offered, null));
  }

  Mono<Page<DirectoryView>> list(RequestContext visit, SessionId id) {
    return bus.askAll(visit, new ListDirectories(visit.tenant(), id), DirectoryView.class)
        .map(seen -> new Page<>(seen, null));
  }

  public Mono<List<Input>> inputs(RequestContext visit, InputBatch said) {
    return Flux.fromIterable(said.bodies())
        .index()
        .concatMap(
            one -> {
              var pointer = said.pointers().get(one.getT1().intValue()) + "/directories";
              return one.getT2() instanceof SessionInputRequest.AddDirectories(var wishes)
                  ? choose(visit, wishes, pointer).<Input>map(Input.AddDirectories::new)
                  : Mono.just(one.getT2().toInput());
            })
        .collectList();
  }

  /**
   * @param pointer to the list in the body
   */
  public Mono<List<SessionDirectory>> choose(
      RequestContext visit, List<String> wishes, String pointer) {
    if (wishes.isEmpty()) return Mono.just(List.of());
    boolean localOwner = visit.caller().localOwner();
    return bus.back(Mono.fromCompletionStage(() -> directories.choose(wishes, localOwner)))
        .onErrorMap(RejectionException.class, no -> refused(no, pointer));
  }

  /** A folder to work in, in place; who wishes it is the local owner. */
  public Mono<BoundFolder> bind(Path folder) {
    return bus.back(Mono.fromCompletionStage(() -> directories.bind(folder)));
  }

  private static Throwable refused(RejectionException no, String pointer) {
    return no.rejection() instanceof DirectoryRefused(var index, var rule, var detail)
        ? InvalidRequestException.body(pointer + "/" + index, detail)
        : no;
  }
}
