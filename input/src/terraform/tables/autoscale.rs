//! Autoscale settings.

use super::super::row::{Table, Within, block, link, many, one, value};
use crate::arm::shape::{AUTOSCALE, SCALE_SET};

pub static SETTING: Table = Table {
    from: &["azurerm_monitor_autoscale_setting"],
    to: AUTOSCALE,
    within: Within::Group,
    source: "monitor/monitor_autoscale_setting_resource.go",
    block: block(
        &[
            value("location", "location"),
            value("enabled", "properties.enabled").or("true"),
            link("target_resource_id", "properties.targetResourceUri", SCALE_SET),
            one(
                "predictive",
                "properties.predictiveAutoscalePolicy",
                &block(&[value("scale_mode", "scaleMode"), value("look_ahead_time", "scaleLookAheadTime")], &[]),
            ),
            many(
                "profile",
                "properties.profiles",
                &block(
                    &[
                        value("name", "name"),
                        one(
                            "capacity",
                            "capacity",
                            &block(
                                &[
                                    value("minimum", "minimum"),
                                    value("maximum", "maximum"),
                                    value("default", "default"),
                                ],
                                &[],
                            ),
                        ),
                        many(
                            "rule",
                            "rules",
                            &block(
                                &[
                                    one(
                                        "metric_trigger",
                                        "metricTrigger",
                                        &block(
                                            &[
                                                value("metric_name", "metricName"),
                                                value("metric_namespace", "metricNamespace"),
                                                link("metric_resource_id", "metricResourceUri", SCALE_SET),
                                                value("time_grain", "timeGrain"),
                                                value("statistic", "statistic"),
                                                value("time_window", "timeWindow"),
                                                value("time_aggregation", "timeAggregation"),
                                                value("operator", "operator"),
                                                value("threshold", "threshold"),
                                                value("divide_by_instance_count", "dividePerInstance").or("false"),
                                                many(
                                                    "dimensions",
                                                    "dimensions",
                                                    &block(
                                                        &[
                                                            value("name", "DimensionName"),
                                                            value("operator", "Operator"),
                                                            value("values", "Values"),
                                                        ],
                                                        &[],
                                                    ),
                                                ),
                                            ],
                                            &[],
                                        ),
                                    ),
                                    one(
                                        "scale_action",
                                        "scaleAction",
                                        &block(
                                            &[
                                                value("direction", "direction"),
                                                value("type", "type"),
                                                value("value", "value"),
                                                value("cooldown", "cooldown"),
                                            ],
                                            &[],
                                        ),
                                    ),
                                ],
                                &[],
                            ),
                        ),
                        one(
                            "fixed_date",
                            "fixedDate",
                            &block(
                                &[
                                    value("timezone", "timeZone").or("UTC"),
                                    value("start", "start"),
                                    value("end", "end"),
                                ],
                                &[],
                            ),
                        ),
                        one(
                            "recurrence",
                            "recurrence",
                            &block(
                                &[
                                    value("timezone", "schedule.timeZone").or("UTC"),
                                    value("days", "schedule.days"),
                                    value("hours", "schedule.hours"),
                                    value("minutes", "schedule.minutes"),
                                ],
                                &[],
                            )
                            .always(&[("frequency", "Week")]),
                        ),
                    ],
                    &[],
                ),
            ),
        ],
        &["notification"],
    ),
};
