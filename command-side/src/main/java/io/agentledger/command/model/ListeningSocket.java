package io.agentledger.command.model;

import io.agentledger.command.support.SocketOwner;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The socket by which a process reaches its model.
 *
 * @param owner user who may connect, in addition to the service
 * @param holder process that keeps the socket open while the service is down; empty: none
 */
public record ListeningSocket(Path path, SocketOwner owner, Optional<SocketHolder> holder) {}
