package io.agentledger.gateway.support.openapi;

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
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the API document says beside the routes: who may come in, and how a "no" looks. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {
  private static final String PROBLEM = "#/components/schemas/Problem";

  static {
    SpringDocUtils.getConfig()
        .addRequestWrapperToIgnore(RequestContext.class, RequestMetadata.class);
  }

  @Bean
  OpenAPI document() {
    return new OpenAPI()
        .info(
            new Info()
                .title("Agentledger")
                .version("v1")
                .description(
                    "Runs Claude Code agents as a service and keeps every step on the record.")
                .license(new License().name("Apache-2.0").identifier("Apache-2.0")))
        .servers(List.of(new Server().url("/")))
        .components(
            new Components()
                .addSecuritySchemes(
                    "bearer", new SecurityScheme().type(SecurityScheme.Type.HTTP).scheme("bearer"))
                .addSecuritySchemes(
                    "api_key",
                    new SecurityScheme()
                        .type(SecurityScheme.Type.APIKEY)
                        .in(SecurityScheme.In.HEADER)
                        .name("X-API-Key")))
        .addSecurityItem(new SecurityRequirement().addList("bearer"))
        .addSecurityItem(new SecurityRequirement().addList("api_key"));
  }

  @Bean
  OpenApiCustomizer problemsEverywhere() {
    return api -> {
      api.getComponents().addSchemas("Problem", problem());
      api.getPaths()
          .values()
          .forEach(path -> path.readOperations().forEach(OpenApiConfiguration::mayFail));
    };
  }

  private static void mayFail(Operation operation) {
    var content =
        new Content()
            .addMediaType(
                "application/problem+json", new MediaType().schema(new JsonSchema().$ref(PROBLEM)));
    operation
        .getResponses()
        .addApiResponse("default", new ApiResponse().description("A problem").content(content));
  }

  private static Schema<?> problem() {
    var problem = new JsonSchema();
    problem.addType("object");
    for (var name : List.of("type", "title", "detail", "code", "request_id"))
      problem.addProperty(name, WireSchemaConverter.string());
    var status = new JsonSchema();
    status.addType("integer");
    problem.addProperty("status", status);
    problem.addProperty("errors", errors());
    problem.setRequired(List.of("type", "title", "status", "detail", "code"));
    return problem;
  }

  private static Schema<?> errors() {
    var wrong = new JsonSchema();
    wrong.addType("object");
    for (var name : List.of("pointer", "parameter", "header", "detail"))
      wrong.addProperty(name, WireSchemaConverter.string());
    wrong.setRequired(List.of("detail"));
    var errors = new JsonSchema();
    errors.addType("array");
    errors.setItems(wrong);
    return errors;
  }
}
