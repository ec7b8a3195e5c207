package io.agentledger.gateway.session.workspace;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.quota.UserLimits;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.shared.Rejection.InsufficientScope;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.workspace.FilePath;
import io.agentledger.api.workspace.WorkspaceProvisioner;
import io.agentledger.gateway.session.CreateSessionRequest;
import io.agentledger.gateway.session.SessionController;
import io.agentledger.gateway.session.SessionService;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.RequestValidator;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.support.web.RequestResources;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.multipart.PartEvent;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** REST endpoints for uploads of files and archives, with a new session or into an existing one. */
@RestController
@RequestMapping(path = SessionController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "files")
class UploadController {
  private final MessageGateway messageGateway;
  private final SessionService sessionService;
  private final MultipartUploadReceiver uploads;
  private final WorkspaceProvisioner workspaces;
  private final FileService files;
  private final UploadQuota uploadQuota;
  private final RequestReading requestReading;

  UploadController(
      MessageGateway messageGateway,
      SessionService sessionService,
      MultipartUploadReceiver uploads,
      WorkspaceProvisioner workspaces,
      FileService files,
      UploadQuota uploadQuota,
      WireJson json,
      RequestValidator validator,
      IdempotencyKeys idempotencyKeys) {
    this.messageGateway = messageGateway;
    this.sessionService = sessionService;
    this.uploads = uploads;
    this.workspaces = workspaces;
    this.files = files;
    this.uploadQuota = uploadQuota;
    this.requestReading = new RequestReading(json, validator, idempotencyKeys);
  }

  private record RequestReading(
      WireJson json, RequestValidator validator, IdempotencyKeys idempotencyKeys) {}

  @PostMapping(consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "openSessionWithFiles",
      summary = "Opens a session with the uploaded files in its workspace",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content =
                  @Content(
                      mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                      schema = @Schema(implementation = CreateSessionWithFilesRequest.class))))
  Mono<ResponseEntity<SessionView>> open(
      @Parameter(hidden = true) @RequestBody Flux<PartEvent> parts,
      @RequestHeader(name = IdempotencyKeys.HEADER, required = false) @Nullable String key,
      RequestContext context) {
    if (!context.caller().has(Scope.SESSIONS_WRITE))
      throw new RejectionException(InsufficientScope.anyOf(Scope.SESSIONS_WRITE));
    return files
        .findLimits(context)
        .flatMap(
            limits ->
                messageGateway.onEventLoop(
                    RequestResources.using(
                        resources -> {
                          var upload = new NewUpload(context, SessionId.next(), limits);
                          return receive(upload, parts, key, resources);
                        })))
        .flatMap(id -> sessionService.find(context, id))
        .map(
            view ->
                ResponseEntity.created(URI.create(SessionController.PATH + "/" + view.id()))
                    .body(view));
  }

  /** Upload for a new session, in the limits of its user. */
  private record NewUpload(RequestContext context, SessionId session, UserLimits limits) {}

  /** Receives files and opens a session with them; they are discarded if it is not opened. */
  private Mono<SessionId> receive(
      NewUpload newUpload,
      Flux<PartEvent> parts,
      @Nullable String key,
      RequestResources resources) {
    var newSession = newUpload.session();
    var opened = new AtomicBoolean();
    resources.onRelease(
        () ->
            opened.get()
                ? CompletableFuture.completedFuture(null)
                : workspaces.discard(newSession));
    return resources
        .open(
            () ->
                CompletableFuture.completedFuture(
                    uploadQuota.begin(newUpload.context(), newUpload.limits())),
            UploadQuota.Upload::close)
        .flatMap(bytes -> uploads.receive(parts, newSession, bytes, resources))
        .flatMap(
            upload ->
                resources.run(
                    open(newUpload, upload, key)
                        .doOnNext(session -> opened.set(session.equals(newSession)))));
  }

  private Mono<SessionId> open(
      NewUpload newUpload, MultipartUploadReceiver.Upload upload, @Nullable String key) {
    var fields = requestReading.json().parseObject(upload.sessionJson());
    var request =
        requestReading
            .validator()
            .check(requestReading.json().read(fields, CreateSessionRequest.class));
    request.workspaceOrUpload().requireUpload();
    if (upload.stagedUploads().isEmpty())
      throw InvalidRequestException.body("/archive", "must be given, or files");
    var idempotency =
        requestReading
            .idempotencyKeys()
            .create(
                key,
                "POST " + SessionController.PATH + " with files",
                Map.of("session", request, "sent", upload.fingerprints()));
    Mono<Workspace> workspace =
        Mono.fromCompletionStage(
                () ->
                    workspaces.stageUploads(
                        newUpload.session(),
                        newUpload.context().tenant(),
                        upload.stagedUploads(),
                        newUpload.limits().workspaceMib()))
            .map(filled -> new Workspace.Uploaded(filled.files(), filled.bytes()));
    return sessionService.openWithUpload(
        newUpload.context(), newUpload.session(), request, workspace, idempotency);
  }

  @PutMapping("/{id}/files/archive")
  @Operation(
      operationId = "unpackArchive",
      summary = "Unpack a zip, tar or tar.gz archive into a directory of the workspace",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
                      schema = @Schema(type = "string", format = "binary"))))
  Mono<UnpackArchiveResponse> unpack(
      @PathVariable SessionId id,
      @RequestParam(required = false) @Nullable String folder,
      ServerHttpRequest request,
      RequestContext context) {
    return files.unpack(context, id, parseFolder(folder), UploadBody.read(request));
  }

  private static List<String> parseFolder(@Nullable String folder) {
    if (folder == null || folder.isEmpty()) return List.of();
    try {
      return FilePath.of(folder).steps();
    } catch (IllegalArgumentException exception) {
      throw InvalidRequestException.parameter("folder", String.valueOf(exception.getMessage()));
    }
  }
}
