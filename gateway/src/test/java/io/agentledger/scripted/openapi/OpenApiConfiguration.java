package io.agentledger.scripted.openapi;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.IfMatch;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.support.web.RequestMetadata;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.QueryParameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import io.swagger.v3.oas.models.tags.Tag;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import tools.jackson.databind.node.ObjectNode;

/** Parts of the OpenAPI document that no controller declares: security, tags, problems. */
@Configuration(proxyBeanMethods = false)
@Import(WireSchemaConverter.class)
public class OpenApiConfiguration {
  private static final String PROBLEM = "#/components/schemas/Problem";

  static {
    SpringDocUtils.getConfig()
        .addRequestWrapperToIgnore(
            ObjectNode.class,
            RequestContext.class,
            RequestMetadata.class,
            PageRequest.class,
            IdempotencyKey.class,
            IfMatch.class)
        .addSimpleTypesForParameterObject(LocalDate.class)
        .addSimpleTypePredicateForParameterObject(Id.class::isAssignableFrom);
  }

  @Bean
  OpenAPI openApi() {
    return new OpenAPI()
        .info(
            new Info()
                .title("Agentledger")
                .version("v1")
                .description("Runs Claude Code agents as a service and records every step.")
                .license(new License().name("Apache-2.0").identifier("Apache-2.0")))
        .servers(List.of(new Server().url("/")))
        .tags(tags())
        .components(
            new Components()
                .addSecuritySchemes(
                    "bearer", new SecurityScheme().type(SecurityScheme.Type.HTTP).scheme("bearer"))
                .addSecuritySchemes(
                    "api_key",
                    new SecurityScheme()
                        .type(SecurityScheme.Type.APIKEY)
                        .in(SecurityScheme.In.HEADER)
                        .name("X-API-Key"))
                .addSecuritySchemes(
                    "visitor",
                    new SecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("bearer")
                        .description("Token of `POST /widget/{channel}/visits`")))
        .addSecurityItem(new SecurityRequirement().addList("bearer"))
        .addSecurityItem(new SecurityRequirement().addList("api_key"));
  }

  private static List<Tag> tags() {
    return List.of(
        tag("authentication", "Registration, login, tokens, tickets and signing keys"),
        tag("users", "Users of a tenant, their logins and invitations"),
        tag("tenants", "Tenants of the installation; operators only"),
        tag("api keys", "API keys of users and tokens of agents"),
        tag("sessions", "Sessions: opening, settings, sharing, branches and lifecycle"),
        tag("queries", "Prompts to sessions, with streamed or single responses"),
        tag("events", "Events, messages, tool calls, runs and metrics of a session"),
        tag("side requests", "Questions beside the conversation, capabilities and context usage"),
        tag("files", "Files of a session's workspace, checkpoints and changes"),
        tag("permissions", "Pending actions of sessions and the decisions about them"),
        tag("policies", "Policies and tool groups that decide tool calls"),
        tag("hooks", "Hooks that are called for tool calls, and their executions"),
        tag("environments", "Environments that sessions run in"),
        tag("agents", "Agents that sessions are opened with, and their versions"),
        tag("templates", "Templates that sessions are opened from"),
        tag("reports", "Documents about sessions, usage and access, made by jobs"),
        tag("subscriptions", "Webhooks that deliver events, and their deliveries"),
        tag("tasks", "Saved sessions that start on request or by a schedule, and their executions"),
        tag("channels", "Connections to messaging platforms"),
        tag("chats", "Conversations with the contacts of channels"),
        tag("widget", "Chat widget of web pages: visitors and their messages"),
        tag("triggers", "Webhooks of other systems, which start tasks"),
        tag("flows", "Plans, their approval, the work, and identities that decide by comments"),
        tag("chat", "Conversation of a user with the agent Brain"),
        tag("mcp servers", "MCP servers that provide tools to agents"),
        tag("vaults", "Vaults and their secrets"),
        tag("quotas", "Limits, budgets and usage of the tenant and its users"),
        tag("costs", "Costs by day, user, agent, task, session, run or model"),
        tag("audit", "Access audit of the tenant"),
        tag("operations", "Health, statistics, projections and master keys"));
  }

  private static Tag tag(String name, String description) {
    return new Tag().name(name).description(description);
  }

  @Bean
  OpenApiCustomizer problemResponses() {
    return api -> {
      api.getComponents().addSchemas("Problem", problemSchema());
      api.getComponents().getSchemas().remove("InvalidRequestExceptionViolation"); // Part of it.
      api.getComponents().addSchemas("StreamItemPage", WireSchemaConverter.streamItemPageSchema());
      api.getPaths()
          .values()
          .forEach(path -> path.readOperations().forEach(OpenApiConfiguration::addProblemResponse));
    };
  }

  /** Declares the parameters that argument resolvers read. */
  @Bean
  OperationCustomizer resolvedParameters() {
    return (operation, handler) -> {
      for (var parameter : handler.getMethodParameters())
        resolvedParameters(parameter.getParameterType())
            .filter(resolved -> !hasParameter(operation, resolved.getName()))
            .forEach(operation::addParametersItem);
      return operation;
    };
  }

  private static Stream<Parameter> resolvedParameters(Class<?> type) {
    if (type == PageRequest.class)
      return Stream.of(
          optional(
              new QueryParameter().name(Pagination.LIMIT), schemaOfType("integer").format("int32")),
          optional(new QueryParameter().name(Pagination.CURSOR), schemaOfType("string")));
    if (type == IdempotencyKey.class) return Stream.of(optionalHeader(IdempotencyKeys.HEADER));
    if (type == IfMatch.class)
      return Stream.of(optionalHeader(HttpHeaders.IF_MATCH).required(true));
    return Stream.of();
  }

  private static Parameter optionalHeader(String name) {
    return optional(new HeaderParameter().name(name), schemaOfType("string"));
  }

  private static Parameter optional(Parameter parameter, Schema<?> schema) {
    return parameter.required(false).schema(schema);
  }

  /** Handlers of one route with different media types are one operation. */
  private static boolean hasParameter(Operation operation, String name) {
    return operation.getParameters() != null
        && operation.getParameters().stream()
            .anyMatch(parameter -> name.equals(parameter.getName()));
  }

  private static void addProblemResponse(Operation operation) {
    var content =
        new Content()
            .addMediaType(
                "application/problem+json", new MediaType().schema(new JsonSchema().$ref(PROBLEM)));
    operation
        .getResponses()
        .addApiResponse(
            "default",
            new ApiResponse()
                .description("Another problem, such as an internal error")
                .content(content));
  }

  private static Schema<?> schemaOfType(String type) {
    var schema = new JsonSchema();
    schema.addType(type);
    return schema;
  }

  private static Schema<?> problemSchema() {
    var problem = schemaOfType("object");
    for (var name : List.of("type", "title", "detail", "code", "request_id"))
      problem.addProperty(name, WireSchemaConverter.stringSchema());
    problem.addProperty("status", schemaOfType("integer"));
    problem.addProperty("errors", errorsSchema());
    problem.addProperty(
        "details",
        schemaOfType("object")
            .additionalProperties(true)
            .description("Details of the rejection, which depend on its code"));
    problem.addProperty(
        "retry_after_seconds",
        schemaOfType("integer")
            .format("int64")
            .description("Time to wait before the next attempt"));
    problem.setRequired(List.of("type", "title", "status", "detail", "code"));
    return problem;
  }

  private static Schema<?> errorsSchema() {
    var violation = schemaOfType("object");
    Map.of(
            "pointer", "JSON pointer to the field of the body",
            "parameter", "Name of the query parameter",
            "header", "Name of the header",
            "detail", "Rule that the value violates")
        .forEach(
            (name, description) ->
                violation.addProperty(
                    name, WireSchemaConverter.stringSchema().description(description)));
    violation.setRequired(List.of("detail"));
    var errors = schemaOfType("array");
    errors.setItems(violation);
    return errors;
  }
}
