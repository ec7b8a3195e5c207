package io.agentledger.command.model;

import io.agentledger.api.session.BudgetShortfall;
import io.agentledger.api.shared.Ids;
import io.agentledger.command.model.ModelRequest.Operation;
import io.agentledger.command.model.usage.Cost;
import io.agentledger.command.model.usage.ModelExchange;
import io.agentledger.command.model.usage.ModelExchange.Phase;
import io.agentledger.command.model.usage.PassedIds;
import io.agentledger.command.model.usage.TokenUsage;
import io.agentledger.command.model.usage.UsageFile;
import io.agentledger.command.model.usage.UsageMeter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Handles the exchanges of one socket: a request is checked, read completely and forwarded; the
 * usage is counted while the response is streamed. Bodies and headers are never logged.
 */
final class ExchangeHandler {
  private static final Logger log = LoggerFactory.getLogger(ExchangeHandler.class);

  /**
   * Response header that the CLI obeys; without it the CLI would retry for three minutes with a
   * rejected key.
   */
  private static final String SHOULD_RETRY = "x-should-retry";

  private static final Set<Integer> KEY_REFUSED = Set.of(401, 403);

  private final ProcessRef processRef;
  private final UpstreamCircuit upstream;
  private final UsageFile file;
  private final UsageMeter.Config config;
  private final Limits limits;
  private final ProcessBudget processBudget;
  private final PassedIds passedIds;
  private final boolean simulated;
  private final ModelRequestGuard guard = new ModelRequestGuard();
  private final Semaphore slots;
  private final AtomicBoolean warmUp = new AtomicBoolean();
  private volatile String runId = "";

  /** Maximum size of requests and responses, and maximum number of concurrent exchanges. */
  record Limits(long bodyBytes, int exchangeCount) {}

  /**
   * Process, files and budget that exchanges belong to.
   *
   * @param simulated whether exchanges are not charged
   */
  record Context(
      ProcessRef process,
      UsageFile file,
      PassedIds passedIds,
      UsageMeter.Config config,
      ProcessBudget budget,
      boolean simulated) {}

  ExchangeHandler(Context context, UpstreamCircuit upstream, Limits limits) {
    this.processRef = context.process();
    this.file = context.file();
    this.passedIds = context.passedIds();
    this.config = context.config();
    this.processBudget = context.budget();
    this.simulated = context.simulated();
    this.upstream = upstream;
    this.limits = limits;
    this.slots = new Semaphore(limits.exchangeCount());
  }

  /**
   * Lets the gateway itself answer the next request for a message, unless a run is bound before.
   */
  void answerWarmUp() {
    warmUp.set(true);
  }

  void bindRun(BillingContext billingContext) {
    warmUp.set(false);
    processBudget.bindBilling(billingContext);
    if (!runId.equals(billingContext.run().value())) guard.endSearches();
    runId = billingContext.run().value();
    billingContext.unansweredSince().ifPresent(since -> upstream.resumeWait(runId, since));
  }

  /** Returns the guard of the requests. */
  ModelRequestGuard guard() {
    return guard;
  }

  boolean isExchanging() {
    return slots.availablePermits() < limits.exchangeCount();
  }

  Optional<BudgetShortfall> findShortfall(String run) {
    return processBudget.findShortfall(run);
  }

  Optional<ModelOutage> findOutage(String run) {
    return upstream.findOutage(waitingRun(run));
  }

  /**
   * Returns the name under which an exchange waits for the upstream: the run, or the process if
   * there is no run.
   */
  private String waitingRun(String run) {
    return run.isEmpty() ? processRef.processId().value() : run;
  }

  /**
   * Waits until every exchange has ended and is recorded, but not longer than {@code timeout}.
   * Later exchanges are refused.
   */
  void drain(Duration timeout) {
    try {
      if (slots.tryAcquire(limits.exchangeCount(), timeout.toMillis(), TimeUnit.MILLISECONDS))
        return;
      log.atWarn()
          .addKeyValue("processId", processRef.processId())
          .log("model exchanges did not end in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Handles one request of the process. */
  Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
    String target = request.uri();
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    String query = mark < 0 ? "" : target.substring(mark);
    if (request.method().equals(HttpMethod.HEAD) && path.equals("/")) {
      return response.status(200).send();
    }
    for (Operation operation : Operation.values()) {
      if (!operation.path().equals(path) || !request.method().equals(HttpMethod.POST)) continue;
      if (!query.matches("(\\?[A-Za-z0-9_.=&-]{0,256})?")) {
        return reject(
            response,
            400,
            "The model gateway does not support the query parameters of this request.");
      }
      return startExchange(new RequestTarget(operation, query), request, response);
    }
    return reject(response, 404, "The model gateway supports only messages and token counts.");
  }

  private record RequestTarget(Operation operation, String query) {}

  private Publisher<Void> startExchange(
      RequestTarget target, HttpServerRequest request, HttpServerResponse response) {
    if (!slots.tryAcquire()) {
      response.header(HttpHeaderNames.RETRY_AFTER, "1");
      return reject(
          response, 429, "This process has too many concurrent exchanges with its model.");
    }
    if (target.operation() == Operation.MESSAGES && warmUp.compareAndSet(true, false)) {
      return readFully(request.receive().retain())
          .then(Mono.defer(() -> Mono.from(WarmUpAnswer.send(response))))
          .onErrorResume(error -> handleFailure(error, response))
          .doFinally(end -> slots.release());
    }
    ModelExchange template = newExchange();
    UsageMeter meter = new UsageMeter(template, file, config, passedIds);
    BudgetHold budgetHold = new BudgetHold(processBudget, config.prices(), template);
    return readFully(request.receive().retain())
        .map(
            body ->
                new ModelRequest(
                    processRef, target.operation(), target.query(), request.requestHeaders(), body))
        .flatMap(
            modelRequest ->
                budgetHold
                    .reserve(modelRequest, guard)
                    .flatMap(
                        refusal ->
                            refusal.isPresent()
                                ? Mono.from(refuse(response, refusal.get()))
                                : upstream.send(
                                    waitingRun(runId),
                                    modelRequest,
                                    modelResponse ->
                                        sendResponse(
                                            modelRequest, modelResponse, response, meter))))
        .onErrorResume(error -> handleFailure(error, response))
        .doFinally(
            end -> {
              closeMeter(meter);
              budgetHold.release(meter.paid());
              slots.release();
            });
  }

  private Publisher<Void> refuse(HttpServerResponse response, String reason) {
    log.atInfo()
        .addKeyValue("processId", processRef.processId())
        .addKeyValue("runId", runId)
        .log("model request refused");
    return reject(response, 400, reason);
  }

  private void closeMeter(UsageMeter meter) {
    try {
      meter.close();
    } catch (UncheckedIOException e) {
      log.atError()
          .setCause(e)
          .addKeyValue("processId", processRef.processId())
          .log("could not record the usage of an interrupted exchange");
    }
  }

  private ModelExchange newExchange() {
    Instant now = config.clock().instant();
    var unknown = config.prices().cost("", TokenUsage.NONE);
    return new ModelExchange(
        Phase.START,
        Ids.random("exc"),
        processRef.sessionId().value(),
        runId,
        processRef.processId().value(),
        upstream.upstream().name().toLowerCase(Locale.ROOT),
        simulated,
        "",
        "",
        now,
        now,
        TokenUsage.NONE,
        new Cost(0, unknown.basis(), unknown.table()),
        false,
        "");
  }

  private Publisher<Void> sendResponse(
      ModelRequest request,
      ModelResponse modelResponse,
      HttpServerResponse response,
      UsageMeter meter) {
    response.status(modelResponse.status());
    modelResponse
        .headers()
        .forEach(header -> response.addHeader(header.getKey(), header.getValue()));
    if (KEY_REFUSED.contains(modelResponse.status())) response.header(SHOULD_RETRY, "false");
    String type =
        modelResponse.headers().get(HttpHeaderNames.CONTENT_TYPE, "").toLowerCase(Locale.ROOT);
    if (type.startsWith("text/event-stream")) {
      return response.send(
          modelResponse.body().doOnNext(chunk -> meterChunk(meter, chunk)), chunk -> true);
    }
    return readFully(modelResponse.body())
        .onErrorMap(
            BodyTooLargeException.class, large -> new IOException("the response is too large"))
        .flatMap(
            body -> {
              if (request.operation() == Operation.MESSAGES && modelResponse.status() == 200)
                meter.readBody(body);
              response.header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length));
              return response.send(Mono.just(Unpooled.wrappedBuffer(body))).then();
            });
  }

  private static void meterChunk(UsageMeter meter, ByteBuf chunk) {
    try {
      meter.read(chunk);
    } catch (UncheckedIOException e) {
      chunk.release();
      throw e; // The last bytes are withheld if the usage could not be recorded.
    }
  }

  /**
   * Collects a body up to the limit. The rest is read and discarded, so that the client receives
   * the response.
   */
  private Mono<byte[]> readFully(Flux<ByteBuf> body) {
    return body.reduceWith(ByteArrayOutputStream::new, this::appendChunk)
        .map(
            all -> {
              if (all.size() > limits.bodyBytes()) throw new BodyTooLargeException();
              return all.toByteArray();
            });
  }

  private ByteArrayOutputStream appendChunk(ByteArrayOutputStream all, ByteBuf chunk) {
    try {
      if (all.size() <= limits.bodyBytes()) chunk.readBytes(all, chunk.readableBytes());
      return all;
    } catch (IOException impossible) { // In memory.
      throw new UncheckedIOException(impossible);
    } finally {
      chunk.release();
    }
  }

  private Publisher<Void> rejectTooLarge(HttpServerResponse response) {
    return reject(response, 413, "The request is larger than " + limits.bodyBytes() + " bytes.");
  }

  private static Publisher<Void> reject(HttpServerResponse response, int status, String message) {
    byte[] body = new ApiError(status, message).body();
    return response
        .status(status)
        .header(HttpHeaderNames.CONTENT_TYPE, "application/json")
        .header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length))
        .send(Mono.just(Unpooled.wrappedBuffer(body)));
  }

  /**
   * Handles a failure: before the first byte as an error response, after it by breaking the stream.
   */
  private Mono<Void> handleFailure(Throwable error, HttpServerResponse response) {
    if (response.hasSentHeaders()) {
      log.atInfo()
          .addKeyValue("processId", processRef.processId())
          .addKeyValue("cause", error.getClass().getSimpleName())
          .log("model stream broke");
      response.withConnection(connection -> connection.dispose());
      return Mono.empty();
    }
    if (error instanceof BodyTooLargeException) return Mono.from(rejectTooLarge(response));
    UpstreamFailure upstreamFailure = UpstreamFailure.from(error);
    log.atWarn()
        .addKeyValue("processId", processRef.processId())
        .addKeyValue("cause", error.getClass().getSimpleName())
        .log("model exchange failed");
    response.responseHeaders().clear();
    return Mono.from(reject(response, upstreamFailure.status(), upstreamFailure.message()));
  }

  private static final class BodyTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BodyTooLargeException() {
      super("body too large", null, false, false);
    }
  }
}
