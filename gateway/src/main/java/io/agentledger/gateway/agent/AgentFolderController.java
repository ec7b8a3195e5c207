package io.agentledger.gateway.agent;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.agent.AgentView;
import io.agentledger.gateway.support.web.ETags;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.IfMatch;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/**
 * REST endpoints to export agents as folders in the layout of Claude Code, to import them, and to
 * change their skills.
 */
@RestController
@RequestMapping(path = AgentController.PATH)
@Tag(name = "agents")
class AgentFolderController {
  private static final String ZIP = "application/zip";

  private final AgentFolderService agentFolderService;
  private final AgentSkillService agentSkillService;

  AgentFolderController(
      AgentFolderService agentFolderService, AgentSkillService agentSkillService) {
    this.agentFolderService = agentFolderService;
    this.agentSkillService = agentSkillService;
  }

  @GetMapping(path = "/{id}/export", produces = ZIP)
  @Operation(
      operationId = "exportAgent",
      summary = "Export an agent as a zip archive in the layout of Claude Code",
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "Zip archive",
              content =
                  @Content(mediaType = ZIP, schema = @Schema(type = "string", format = "binary"))))
  Mono<ResponseEntity<byte[]>> exportFolder(@PathVariable AgentId id, RequestContext context) {
    return agentFolderService
        .exportFolder(context, id)
        .map(archive -> download(id.value(), archive));
  }

  @PostMapping(path = "/import", consumes = ZIP, produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "importAgent",
      summary = "Create an agent from a zip archive, or a version of the one with its name",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content =
                  @Content(mediaType = ZIP, schema = @Schema(type = "string", format = "binary"))))
  Mono<ResponseEntity<AgentView>> importFolder(
      @RequestBody byte[] archive, IdempotencyKey key, RequestContext context) {
    return agentFolderService.importFolder(context, archive, key).map(ETags::okWithTag);
  }

  @PutMapping(
      path = "/{id}/skills/{name}",
      consumes = ZIP,
      produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "putAgentSkill",
      summary = "Add or replace a skill, with the next version of the agent",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content =
                  @Content(mediaType = ZIP, schema = @Schema(type = "string", format = "binary"))))
  Mono<ResponseEntity<AgentView>> putSkill(
      @PathVariable AgentId id,
      @Parameter(description = "Name of the skill") @PathVariable String name,
      @RequestBody byte[] archive,
      IfMatch ifMatch,
      RequestContext context) {
    return agentSkillService
        .put(context, id, ifMatch.version(), name, archive)
        .map(ETags::okWithTag);
  }

  @GetMapping(path = "/{id}/skills/{name}", produces = ZIP)
  @Operation(
      operationId = "getAgentSkill",
      summary = "Download a skill as a zip archive with its folder",
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "Zip archive",
              content =
                  @Content(mediaType = ZIP, schema = @Schema(type = "string", format = "binary"))))
  Mono<ResponseEntity<byte[]>> getSkill(
      @PathVariable AgentId id,
      @Parameter(description = "Name of the skill") @PathVariable String name,
      RequestContext context) {
    return agentSkillService.find(context, id, name).map(archive -> download(name, archive));
  }

  private static ResponseEntity<byte[]> download(String name, byte[] archive) {
    var disposition = ContentDisposition.attachment().filename(name + ".zip").build();
    return ResponseEntity.ok()
        .contentType(MediaType.valueOf(ZIP))
        .header(HttpHeaders.CONTENT_DISPOSITION, disposition.toString())
        .body(archive);
  }

  @DeleteMapping("/{id}/skills/{name}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "deleteAgentSkill",
      summary = "Remove a skill, with the next version of the agent")
  Mono<Void> deleteSkill(
      @PathVariable AgentId id,
      @Parameter(description = "Name of the skill") @PathVariable String name,
      RequestContext context) {
    return agentSkillService.remove(context, id, name);
  }
}
