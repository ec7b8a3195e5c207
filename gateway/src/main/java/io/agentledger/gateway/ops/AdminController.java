package io.agentledger.gateway.ops;

import io.agentledger.api.ops.OpsQuery.CheckHealth;
import io.agentledger.api.ops.OpsQuery.GetStatistics;
import io.agentledger.api.ops.StatisticsView;
import io.agentledger.api.ops.SystemHealthView;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for health and statistics. */
@RestController
@RequestMapping(path = "/api/v1/admin", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "operations")
class AdminController {
  private static final int DAYS_DEFAULT = 30;

  private final MessageGateway messageGateway;
  private final Clock clock;

  AdminController(MessageGateway messageGateway, Clock clock) {
    this.messageGateway = messageGateway;
    this.clock = clock;
  }

  @GetMapping("/health")
  @Operation(
      operationId = "checkHealth",
      summary = "Get the health of each component",
      description =
          "Answers within a few seconds with status 200, also when components are down:"
              + " each has its own status.")
  Mono<SystemHealthView> checkHealth(RequestContext context) {
    return messageGateway.query(context, new CheckHealth(), SystemHealthView.class);
  }

  @GetMapping("/statistics")
  @Operation(
      operationId = "getStatistics",
      summary = "Get the number of sessions and runs of the tenant by day")
  Mono<StatisticsView> getStatistics(
      @Parameter(description = "First day in UTC; default: 29 days before the last one")
          @RequestParam(required = false)
          @Nullable LocalDate from,
      @Parameter(description = "Last day in UTC; default: today") @RequestParam(required = false)
          @Nullable LocalDate to,
      RequestContext context) {
    var last =
        Objects.requireNonNullElseGet(
            to, () -> LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
    var first = Objects.requireNonNullElseGet(from, () -> last.minusDays(DAYS_DEFAULT - 1));
    if (first.isAfter(last))
      throw InvalidRequestException.parameter("from", "must not be after to");
    if (ChronoUnit.DAYS.between(first, last) >= GetStatistics.DAYS_MAX)
      throw InvalidRequestException.parameter(
          "from", "must be less than " + GetStatistics.DAYS_MAX + " days before to");
    return messageGateway.queryTables(
        context, new GetStatistics(context.tenant(), first, last), StatisticsView.class);
  }
}
