package io.agentledger.gateway.support.documents;

import io.swagger.v3.oas.annotations.Hidden;
import java.net.URI;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves the documents of the API, which the build generates in {@code docs}, and the address of
 * the page that shows them.
 */
@RestController
@Hidden
class ApiDocumentController {
  private static final Resource OPENAPI = new ClassPathResource("documents/openapi.json");
  private static final Resource ASYNCAPI = new ClassPathResource("documents/asyncapi.json");

  @GetMapping(path = "/v3/api-docs", produces = MediaType.APPLICATION_JSON_VALUE)
  Resource openApi() {
    return OPENAPI;
  }

  /** Serves the same text, because JSON is a subset of YAML. */
  @GetMapping(path = "/v3/api-docs.yaml", produces = MediaType.APPLICATION_YAML_VALUE)
  Resource openApiAsYaml() {
    return OPENAPI;
  }

  @GetMapping(path = "/v3/asyncapi", produces = MediaType.APPLICATION_JSON_VALUE)
  Resource asyncApi() {
    return ASYNCAPI;
  }

  @GetMapping({"/", "/docs"})
  ResponseEntity<Void> page() {
    return ResponseEntity.status(HttpStatus.FOUND)
        .location(URI.create("/swagger-ui/index.html"))
        .build();
  }
}
