/** Tests of health, metrics, traces and error reports. */
@NullMarked
package io.agentledger.gateway.ops;

import org.jspecify.annotations.NullMarked;
