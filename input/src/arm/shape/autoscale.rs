//! `Microsoft.Insights/autoscaleSettings`.

use super::field::{Field, Objects, Optional, Text, Words, field, kept, list, object, optional, word_list};
use super::{Keyed, Kind, Live, matters};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{Aggregation, Operator, Reach, ScaleDirection, Statistic};
use windtunnel_sim::rules::{AS_08, PA_07};

choice! {
    /// `scaleMode` of predictive autoscale.
    ScaleMode { Disabled, ForecastOnly, Enabled }
}

choice! {
    /// `type` of a scale action.
    ChangeKind { ChangeCount, PercentChangeCount, ExactCount, ServiceAllowedNextValue }
}

choice! {
    /// `frequency` of a recurrence.
    Frequency { None, Second, Minute, Hour, Day, Week, Month, Year }
}

shape! {
    RESOURCE: "an autoscale setting" {
        kept("type", Kind::Text); kept("name", Kind::Text); kept("id", Kind::Text); kept("location", Kind::Text);
    }
    .inner(&AUTOSCALE_PROPERTIES)
    .live(Live::Takes(Reach::Nothing))
}

shape! {
    AUTOSCALE_PROPERTIES in RESOURCE at "properties": "the properties of an autoscale setting" {
        pub ENABLED: Optional<bool> = optional("enabled");
        pub TARGET: Optional<Text> = optional("targetResourceUri").live(Live::AtStart);
        kept("targetResourceLocation", Kind::Text);
        object(&PREDICTIVE);
        pub PROFILES: Optional<Objects> = list("profiles", &Kind::Object(&PROFILE));
    }
    .live(Live::Apart)
    .known(&["name", "namePropertiesName", "notifications"])
}

shape! {
    PREDICTIVE in AUTOSCALE_PROPERTIES at "predictiveAutoscalePolicy": "a predictive autoscale policy" {
        pub SCALE_MODE: Field<ScaleMode> = field("scaleMode", ScaleMode::Disabled);
        pub LOOK_AHEAD: Optional<SimDuration> = optional("scaleLookAheadTime").minutes(PA_07, 1, 60);
    }
}

shape! {
    PROFILE: "an autoscale profile" {
        kept("name", Kind::Text);
        object(&CAPACITY);
        pub RULES: Optional<Objects> = list("rules", &Kind::Object(&RULE));
        object(&FIXED_DATE);
        object(&RECURRENCE);
    }
}

shape! {
    CAPACITY in PROFILE at "capacity": "the capacity of an autoscale profile" {
        pub MINIMUM: Optional<u32> = optional("minimum").within(0, 1000);
        pub MAXIMUM: Optional<u32> = optional("maximum").within(0, 1000);
        pub DEFAULT: Optional<u32> = optional("default").within(0, 1000);
    }
}

shape! {
    RULE: "an autoscale rule" {
        object(&TRIGGER);
        object(&ACTION);
    }
    .keyed(&Keyed {
        by: &[&["metricTrigger", "metricName"], &["scaleAction", "direction"]],
        whole: &[
            &["metricTrigger", "metricName"],
            &["metricTrigger", "timeGrain"],
            &["metricTrigger", "statistic"],
            &["metricTrigger", "timeWindow"],
            &["metricTrigger", "operator"],
            &["metricTrigger", "threshold"],
            &["scaleAction", "direction"],
            &["scaleAction", "type"],
            &["scaleAction", "cooldown"],
        ],
    })
}

shape! {
    TRIGGER in RULE at "metricTrigger": "a metric trigger" {
        pub METRIC_NAME: Optional<Text> = optional("metricName");
        kept("metricNamespace", Kind::Text);
        pub METRIC_RESOURCE: Optional<Text> = optional("metricResourceUri");
        kept("metricResourceLocation", Kind::Text);
        pub TIME_GRAIN: Optional<SimDuration> = optional("timeGrain").minutes(AS_08, 1, 720);
        pub STATISTIC: Optional<Statistic> = optional("statistic");
        pub TIME_WINDOW: Optional<SimDuration> = optional("timeWindow").minutes(AS_08, 5, 720);
        pub TIME_AGGREGATION: Field<Aggregation> = field("timeAggregation", Aggregation::Average);
        pub OPERATOR: Optional<Operator> = optional("operator");
        pub THRESHOLD: Optional<f64> = optional("threshold");
        kept("dimensions", Kind::Open);
        pub DIVIDES: Field<bool> = field("dividePerInstance", false);
    }
    .aliases(&[("metricResourceId", "metricResourceUri")])
    .matters(&[matters("dimensions", &[], "the model reads the whole metric, without its dimensions")])
}

shape! {
    ACTION in RULE at "scaleAction": "a scale action" {
        pub DIRECTION: Optional<ScaleDirection> = optional("direction");
        pub CHANGE: Optional<ChangeKind> = optional("type");
        pub VALUE: Field<u32> = field("value", 1).range(AS_08, 1, i64::MAX);
        pub COOLDOWN: Optional<SimDuration> = optional("cooldown").minutes(AS_08, 1, 10_080);
    }
    .aliases(&[("scaleType", "type")])
}

shape! {
    FIXED_DATE in PROFILE at "fixedDate": "a fixed date" {
        pub FIXED_ZONE: Optional<Text> = optional("timeZone");
        pub FIXED_START: Optional<Text> = optional("start");
        pub FIXED_END: Optional<Text> = optional("end");
    }
}

shape! {
    RECURRENCE in PROFILE at "recurrence": "a recurrence" {
        pub FREQUENCY: Optional<Frequency> = optional("frequency");
        object(&SCHEDULE);
    }
}

shape! {
    SCHEDULE in RECURRENCE at "schedule": "a schedule" {
        pub TIME_ZONE: Optional<Text> = optional("timeZone");
        pub DAYS: Optional<Words> = word_list(
            "days",
            &Kind::Word(&["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]),
        );
        pub HOURS: Optional<Objects> = list("hours", &Kind::Integer);
        pub MINUTES: Optional<Objects> = list("minutes", &Kind::Integer);
    }
}
