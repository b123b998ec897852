/**
 * Pictures for notebooks: plain numbers in, something displayable out. Re-exports, nothing else.
 * @module
 */
export type { Axis } from "./axis.ts";
export { type BarChartOptions, barChart, type Margin } from "./bar-chart.ts";
export {
	type DendrogramOptions,
	dendrogram,
	type Merge,
} from "./dendrogram.ts";
export {
	type CellDiagramOptions,
	cellDiagram,
	type DrawnCell,
} from "./diagram/cell-diagram.ts";
export {
	type DrawnGraph,
	type GraphDiagramOptions,
	graphDiagram,
} from "./diagram/graph-diagram.ts";
export {
	type DrawnNetwork,
	type NetworkDiagramOptions,
	networkDiagram,
} from "./diagram/network-diagram.ts";
export {
	type DrawnTree,
	type TreeDiagramOptions,
	treeDiagram,
} from "./diagram/tree-diagram.ts";
export { type FollowOptions, follow, type Report } from "./follow.ts";
export { type ForecastChartOptions, forecastChart } from "./forecast-chart.ts";
export { type HeatMapOptions, heatMap, type Side } from "./heat-map.ts";
export { type HistogramsOptions, histograms } from "./histograms.ts";
export {
	type LineChart,
	type LineChartOptions,
	lineChart,
} from "./line-chart.ts";
export { type Display, type Live, live } from "./live.ts";
export type { Matrix } from "./matrix.ts";
export { type MultiplesOptions, multiples } from "./multiples.ts";
export type { Band, Rule } from "./overlays.ts";
export { jupyterDisplay, type MimeBundle, type Picture } from "./picture.ts";
export type { Line, Numbers, Points } from "./points.ts";
export {
	type Progress,
	type ProgressBar,
	progressBar,
} from "./progress-bar.ts";
export {
	type Canvas,
	canvas,
	type InWords,
	type PlotlyFigure,
	plotly,
	svg,
	vegaLite,
} from "./raw.ts";
export { type Cloud, type ScatterOptions, scatter } from "./scatter.ts";
export { type ShadedTextOptions, shadedText } from "./shaded-text.ts";
export {
	type AnimationOptions,
	animation,
	type Frame,
} from "./space/animation.ts";
export {
	type Path,
	type SurfaceOptions,
	surface,
} from "./space/surface.ts";
export {
	type TrajectoriesOptions,
	trajectories,
} from "./space/trajectories.ts";
export { type Row, type TableOptions, table } from "./table.ts";
export { type Span, type TimelineOptions, timeline } from "./timeline.ts";
export {
	type GradientChartOptions,
	type GradientReport,
	gradientChart,
	type LossChartOptions,
	type LossReport,
	lossChart,
	type SeedChartOptions,
	seedChart,
} from "./training-charts.ts";
