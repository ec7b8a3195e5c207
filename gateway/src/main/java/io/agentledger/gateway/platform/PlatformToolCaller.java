package io.agentledger.gateway.platform;

import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.platform.PlatformResource;
import io.agentledger.gateway.support.platform.PlatformTool;
import io.agentledger.gateway.support.problem.DeniedRequestRecorder;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import io.agentledger.gateway.support.problem.Problem;
import io.agentledger.gateway.support.problem.ProblemMapper;
import io.agentledger.gateway.support.validation.RequestValidator;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.RequestContext;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.util.RawValue;

/** Calls tools and reads resources; maps failures to results that a model can act on. */
@Component
final class PlatformToolCaller {
  /** Maximum length of a result in characters. */
  static final int RESULT_LENGTH_MAX = 512 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(PlatformToolCaller.class);
  private static final String TOO_LONG =
      "The result has more than "
          + RESULT_LENGTH_MAX
          + " characters. Ask for less: send a smaller limit or length.";

  private static final String KEY = "idempotency_key";

  private final WireJson json;
  private final RequestValidator validator;
  private final DeniedRequestRecorder deniedRequestRecorder;

  PlatformToolCaller(
      WireJson json, RequestValidator validator, DeniedRequestRecorder deniedRequestRecorder) {
    this.json = json;
    this.validator = validator;
    this.deniedRequestRecorder = deniedRequestRecorder;
  }

  /** Calls a tool; a failure is a result, too. */
  Mono<McpSchema.CallToolResult> call(
      RequestContext context, PlatformTool<?> tool, Map<String, Object> arguments) {
    return invoke(context, tool, arguments)
        .map(this::toResult)
        .onErrorResume(failure -> Mono.just(toErrorResult(problem(context, tool, failure))))
        .doOnNext(result -> log(context, tool, result));
  }

  /** Reads a resource, whose URI contains the arguments of its tool. */
  Mono<McpSchema.ReadResourceResult> read(
      RequestContext context,
      PlatformResource resource,
      String uri,
      Map<String, Object> arguments) {
    return invoke(context, resource.tool(), arguments)
        .map(value -> new McpSchema.ReadResourceResult(List.of(toContents(uri, value))))
        .onErrorMap(
            failure -> !(failure instanceof McpError),
            failure -> toError(uri, problem(context, resource.tool(), failure)));
  }

  private <A extends Record> Mono<?> invoke(
      RequestContext context, PlatformTool<A> tool, Map<String, Object> arguments) {
    return Mono.defer(
        () ->
            tool.operation()
                .apply(
                    context,
                    validator.check(
                        json.read(
                            json.toTree(scopeKey(context, arguments)), tool.argumentsType()))));
  }

  /**
   * Makes the idempotency key of an agent one of its session: agents of different sessions act with
   * the same credential, and choose the same keys.
   */
  private static Map<String, Object> scopeKey(
      RequestContext context, Map<String, Object> arguments) {
    var session = context.agentSession();
    if (session == null || !(arguments.get(KEY) instanceof String key)) return arguments;
    var scoped = new HashMap<>(arguments);
    scoped.put(KEY, IdempotencyKeys.inSession(session, key));
    return scoped;
  }

  private McpSchema.CallToolResult toResult(Object value) {
    var text = json.toText(value);
    if (text.length() > RESULT_LENGTH_MAX)
      return McpSchema.CallToolResult.builder().isError(true).addTextContent(TOO_LONG).build();
    return McpSchema.CallToolResult.builder()
        .structuredContent(new RawValue(text))
        .addTextContent(text)
        .isError(false)
        .build();
  }

  /** Returns the problem as text, because clients show models no other content of an error. */
  private McpSchema.CallToolResult toErrorResult(Problem problem) {
    return McpSchema.CallToolResult.builder()
        .isError(true)
        .addTextContent(json.toText(problem))
        .build();
  }

  private McpSchema.ResourceContents toContents(String uri, Object value) {
    if (value instanceof PlatformResource.Blob blob)
      return blob.isText()
          ? new McpSchema.TextResourceContents(uri, "text/plain", blob.content())
          : new McpSchema.BlobResourceContents(uri, "application/octet-stream", blob.content());
    var text = json.toText(value);
    if (text.length() > RESULT_LENGTH_MAX)
      throw McpError.builder(McpSchema.ErrorCodes.INVALID_PARAMS).message(TOO_LONG).build();
    return new McpSchema.TextResourceContents(uri, "application/json", text);
  }

  private static McpError toError(String uri, Problem problem) {
    if (problem.status() == 404) return McpError.RESOURCE_NOT_FOUND.apply(uri);
    var code =
        problem.status() < 500
            ? McpSchema.ErrorCodes.INVALID_PARAMS
            : McpSchema.ErrorCodes.INTERNAL_ERROR;
    return McpError.builder(code).message(problem.detail()).build();
  }

  private Problem problem(RequestContext context, PlatformTool<?> tool, Throwable failure) {
    var problem = ProblemMapper.toProblem(inBody(failure), context.requestId());
    deniedRequestRecorder.recordDenial(context, "mcp " + tool.name(), problem);
    return problem;
  }

  /** Query parameters of the API are arguments of a tool, like the properties of a body. */
  private static Throwable inBody(Throwable failure) {
    if (!(failure instanceof InvalidRequestException invalid)
        || invalid.errors().stream().allMatch(violation -> violation.parameter() == null))
      return failure;
    return new InvalidRequestException(
        invalid.errors().stream()
            .map(
                violation ->
                    violation.parameter() == null
                        ? violation
                        : Violation.body("/" + violation.parameter(), violation.detail()))
            .toList());
  }

  private static void log(
      RequestContext context, PlatformTool<?> tool, McpSchema.CallToolResult result) {
    LOG.atInfo()
        .addKeyValue("tool", tool.name())
        .addKeyValue("failed", Boolean.TRUE.equals(result.isError()))
        .addKeyValue("requestId", context.requestId())
        .log("platform tool called");
  }
}
